import type { Known } from '../environment.ts'
import { listening, splitAddress, type Answer, type Process } from './listening.ts'
import type { ServerRow } from './server-table.ts'

/** Reads where a program of the table listens. */
export function readServer(
  program: string,
  rows: readonly ServerRow[],
  args: readonly (string | undefined)[],
  process: Process,
): Answer {
  const operands = args.filter((arg) => !arg?.startsWith('-'))
  const command = operands[0] ?? ''
  const row = rows.find(
    ({ commands }) =>
      !commands ||
      commands.includes(command) ||
      (commands.includes('') && (args.length === 0 || args[0]?.startsWith('-') === true)),
  )
  if (!row) return args.includes(undefined) ? 'unknown' : 'none'
  if (row.elsewhere?.some((flag) => findFlag(args, [flag]) !== undefined)) return 'unknown'
  const bound = row.bind && findFlag(args, row.bind)
  if (program === 'php' && bound === undefined) return 'unknown'
  const rest = row.commands
    ? operands.slice(row.commands.includes(command) && command !== '' ? 1 : 0)
    : operands
  const address = readAddress(row, bound, rest)
  if (address === 'unknown') return 'unknown'
  const isOpen = args.includes(undefined)
  const host = address?.host || readPart(row.host, args, process, isOpen)
  const port = address?.port ?? readPart(row.port, args, process, isOpen)
  return [listening(program, port, host === '' ? '0.0.0.0' : host, process.place)]
}

function readAddress(
  row: ServerRow,
  bound: string | undefined | null,
  operands: readonly (string | undefined)[],
): { host: Known; port: Known } | 'unknown' | undefined {
  if (bound === null) return 'unknown'
  if (bound !== undefined) {
    if (/^\d+$/.test(bound)) return { host: '', port: bound }
    const address = splitAddress(bound)
    if (!address) return 'unknown'
    return { host: address.host || '0.0.0.0', port: address.port }
  }
  if (!row.operand) return undefined
  if (operands.includes(undefined)) return 'unknown'
  const [operand] = operands as readonly string[]
  if (operand === undefined) return undefined
  if (row.operand === 'port' || /^\d+$/.test(operand)) return { host: '', port: operand }
  const address = splitAddress(operand)
  return address
    ? { host: address.host === '0' ? '0.0.0.0' : address.host || '127.0.0.1', port: address.port }
    : undefined
}

function readPart(
  part: ServerRow['port'],
  args: readonly (string | undefined)[],
  { environment }: Process,
  isOpen: boolean,
): Known {
  if (!part) return undefined
  const flag = part.flags && findFlag(args, part.flags)
  if (flag !== undefined) return flag === null ? undefined : flag
  if (isOpen) return undefined
  for (const variable of part.variables ?? []) {
    const value = environment.get(variable)
    if (value === undefined || value) return value
  }
  return part.default
}

/**
 * Finds the value of a flag; the last one counts.
 *
 * @returns '' where its value is missing, `null` where it cannot be known, nothing where the flag is not there.
 */
export function findFlag(
  args: readonly (string | undefined)[],
  flags: readonly string[],
): string | null | undefined {
  let value: string | null | undefined
  for (const [index, arg] of args.entries()) {
    if (arg === undefined) continue
    for (const flag of flags) {
      if (arg === flag) {
        const next = args[index + 1]
        const isThere = index + 1 < args.length
        value = !isThere || next?.startsWith('-') ? '' : (next ?? null)
      } else if (arg.startsWith(`${flag}=`)) value = arg.slice(flag.length + 1)
      else if (/^-\w$/.test(flag) && arg.startsWith(flag) && /^-\w[\d.:[]/.test(arg)) value = arg.slice(2)
    }
  }
  return value
}
