import type { Known } from '../environment.ts'
import { findFlag, operandsOf } from '../shell/flags.ts'
import { listening, splitAddress, type Answer, type Process } from './listening.ts'
import type { AddressPart, ServerRow } from './servers/server-row.ts'

type Words = readonly (string | undefined)[]

/** Reads where a program of the table listens. */
export function readServer(
  program: string,
  rows: readonly ServerRow[],
  args: Words,
  process: Process,
): Answer {
  const row = rowOf(rows, args)
  if (!row) return args.includes(undefined) ? 'unknown' : 'none'
  if (row.elsewhere?.some((flag) => findFlag(args, [flag]) !== undefined)) return 'unknown'
  const address = readAddress(row, args, process)
  if (address === 'unknown') return 'unknown'
  const isOpen = args.some((arg) => arg !== undefined && row.open?.includes(arg))
  const host = isOpen ? '0.0.0.0' : address?.host || readPart(row.host, args, process)
  const port = address?.port ?? readPart(row.port, args, process)
  return [listening(program, port, host === '' ? '0.0.0.0' : host, process.place)]
}

/** The row whose command is the first operand; or a later one, where flags with values come first. */
function rowOf(rows: readonly ServerRow[], args: Words): ServerRow | undefined {
  const operands = operandsOf(args)
  const startsWithFlag = args[0]?.startsWith('-') ?? false
  const named = rows.find(
    ({ commands }) =>
      !commands ||
      (startsWithFlag ? operands : operands.slice(0, 1)).some((each) => each && commands.includes(each)),
  )
  return named ?? rows.find(({ commands }) => commands!.includes('') && (args.length === 0 || startsWithFlag))
}

interface Address {
  readonly host: Known
  readonly port: Known
}

function readAddress(row: ServerRow, args: Words, { environment }: Process): Address | 'unknown' | undefined {
  let bound: Known = row.bind && findFlag(args, row.bind)
  if (bound === null) return 'unknown'
  if (bound === undefined && row.needsBind) return 'unknown'
  if (bound === undefined && row.bindVariables) {
    const values = row.bindVariables.map((name) => environment.get(name))
    if (values.includes(undefined)) return 'unknown'
    bound = values.find(Boolean)
  }
  if (bound !== undefined && bound !== null) return splitBound(bound)
  return row.operand && readOperand(row, args)
}

function splitBound(bound: string): Address | 'unknown' {
  if (/^\d+$/.test(bound)) return { host: '0.0.0.0', port: bound }
  const address = splitAddress(bound)
  if (!address) return 'unknown'
  // A list expands nothing: `-l $PORT` is what it says.
  if (address.port === undefined && address.host.startsWith('$')) return { host: '0.0.0.0', port: bound }
  return { host: address.host || '0.0.0.0', port: address.port }
}

/** The operand that is a number or ends in one; flags with values leave others among them. */
function readOperand(row: ServerRow, args: Words): Address | 'unknown' | undefined {
  if (args.includes(undefined)) return 'unknown'
  const operand = operandsOf(args).find((each) => /^(?:\S*:)?\d+$/.test(each!))
  if (operand === undefined) return undefined
  if (row.operand === 'port' || /^\d+$/.test(operand)) return { host: '', port: operand }
  const { host, port } = splitAddress(operand)!
  return { host: host === '0' ? '0.0.0.0' : host || '127.0.0.1', port }
}

function readPart(part: AddressPart | undefined, args: Words, { environment }: Process): Known {
  if (!part) return undefined
  const flag = part.flags && findFlag(args, part.flags)
  if (flag !== undefined) return flag === null ? undefined : flag
  if (args.includes(undefined)) return undefined
  for (const variable of part.variables ?? []) {
    const value = environment.get(variable)
    if (value === undefined || value) return value
  }
  return part.default
}
