import { posix } from 'node:path'
import type { CommandForm } from '../dockerfile/command-form.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { hasRun } from './runs.ts'

type List = Extract<CommandForm, { kind: 'list' }>

/** A list of words is run as it is: what only a shell reads is no program. */
export function checkLists(project: Project): Finding[] {
  const { image } = project
  // An image that nobody here knows may bring a program that takes them.
  if (!image?.base) return []
  const { entrypoint, cmd, stage } = image
  const own = (form: CommandForm | undefined): form is List =>
    form?.kind === 'list' && form.line !== stage.line
  return [
    ...(own(entrypoint) ? checkList('ENTRYPOINT', entrypoint, true, project) : []),
    ...(own(cmd) ? checkList('CMD', cmd, !entrypoint, project) : []),
  ]
}

function checkList(keyword: string, { words, line }: List, isStart: boolean, project: Project): Finding[] {
  const place = { file: 'Dockerfile', line }
  const why = isStart && !isFile(words[0] ?? '', project) ? whyNoProgram(words[0] ?? '') : undefined
  const written = words.map((word) => (/\s/.test(word) ? word : word.replaceAll('"', ''))).join(' ')
  const cure = `Let a shell run it: ${keyword} ["sh", "-c", ${JSON.stringify(written)}].`
  if (why !== undefined) return [finding('list-without-shell', place, { keyword, why, cure })]
  const sign = words.find((word) => /^(?:&&|\|\|?|;|&|\d?>{1,2})$/.test(word))
  if (sign === undefined) return []
  const values = { keyword, why: `"${sign}" goes to ${words[0]!} as a word`, cure }
  return [finding('list-without-shell', place, values, 'warning')]
}

/** Whether a program bears that name, blanks and all. */
function isFile(first: string, { image, locate }: Project): boolean {
  return (
    locate(posix.resolve(image!.workingDirectory ?? '/', first)) !== undefined ||
    (first.includes('/') && hasRun(image!, (text) => text.includes(first)))
  )
}

/** Why the first word of a list cannot be started. */
function whyNoProgram(first: string): string | undefined {
  if (/^\w+=/.test(first)) return `"${first}" sets no variable, and is looked for as a program`
  if (/^\S+\s+\S/.test(first)) return `"${first}" is looked for as one program, blanks and all`
  if (/^(?:cd|source|export|set|\.)$/.test(first)) return `${first} is a word of the shell, and no program`
  return /^\$\{?\w+\}?$/.test(first) ? `${first} is not replaced, and no program has that name` : undefined
}
