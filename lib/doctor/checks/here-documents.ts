import type { Instruction } from '../dockerfile/parse-dockerfile.ts'
import type { Finding } from '../finding.ts'
import { invalid } from './instructions.ts'

/** The first here-document that does not end, or that Docker does not take for one: what follows it is read wrongly. */
export function checkHereDocuments(instructions: readonly Instruction[]): Finding | undefined {
  return instructions
    .map((instruction, index) => unended(instruction) ?? unseen(instruction, instructions, index))
    .find((each) => each !== undefined)
}

/** The name stands on a line of its own, and only `<<-` lets tabs come before it. */
function unended({ text, line, hasHeredoc }: Instruction): Finding | undefined {
  const code = hasHeredoc ? openingOf(text) : undefined
  if (code === undefined) return undefined
  const lines = text.split('\n').slice(1)
  const [, , , name] =
    [...code.matchAll(/(?<!\S)\d*<<(-?)(["']?)([A-Za-z_]\w*)\2(?!\S)/g)].find(
      ([, tabs, , name]) => !lines.some((each) => (tabs ? each.replace(/^\t+/, '') : each) === name),
    ) ?? []
  if (name === undefined) return undefined
  const why = `the here-document that <<${name} begins does not end`
  return invalid(line, why, `Write ${name} on a line of its own, with nothing before or after it.`)
}

/** Docker does not see one after `<< EOF`: it takes each line for an instruction. */
function unseen(
  { text, line, keyword }: Instruction,
  all: readonly Instruction[],
  index: number,
): Finding | undefined {
  const [, name] = (keyword === 'RUN' && /<<-?\s+["']?([A-Za-z_]\w*)/.exec(openingOf(text) ?? '')) || []
  if (name === undefined || !all.slice(index + 1).some((each) => each.keyword === name.toUpperCase()))
    return undefined
  const why = `Docker sees no here-document where a blank follows <<, and takes its lines for instructions`
  return invalid(line, why, `Write <<${name}, without the blank.`)
}

/** The line that begins it, without what stands in quotes; nothing where quotes go on after its end. */
function openingOf(text: string): string | undefined {
  const [opening = ''] = text.split(/(?<!\\)\n/, 1)
  const code = opening.replaceAll(/(?<!<<-?\s*)(["'])(?:(?!\1).)*\1/g, '')
  return /["']/.test(code.replaceAll(/<<-?\s*(["'])\w+\1/g, '')) ? undefined : code
}
