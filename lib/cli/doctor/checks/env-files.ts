import { finding, type Finding } from '../finding.ts'
import { findStartedProgram, lineAt } from '../started-program.ts'
import type { Project } from '../project.ts'

const isEnvFile = /^\.env(?:\.(?!example$|sample$|template$|dist$)\w+)?$/

/** The app does without a file of variables, and none is given away. */
export function checkEnvFiles(project: Project): Finding[] {
  const files = project.names.filter((name) => isEnvFile.test(name))
  return [...checkCommand(project), ...checkCopies(project, files), ...checkPublished(project, files)]
}

/** A command that ends where the file is missing. */
function checkCommand(project: Project): Finding[] {
  const program = findStartedProgram(project)
  if (!program) return []
  const { words, place, source } = program
  const flag = words.findIndex((word) => /^--env-file(?:=|$)/.test(word))
  const name = flag === -1 ? undefined : (words[flag]!.split('=')[1] ?? words[flag + 1])
  if (name) return [finding('env-file-required', place, { name })]
  const call = source && /\bprocess\.loadEnvFile\((?:['"]([^'"]+)['"])?\)/.exec(source.text)
  if (!call) return []
  return [
    finding(
      'env-file-required',
      { file: source.path, line: lineAt(source.text, call.index) },
      { name: call[1] ?? '.env' },
    ),
  ]
}

function checkCopies({ image, isOutOfBuild }: Project, files: readonly string[]): Finding[] {
  const copies =
    image?.instructions.filter(
      ({ keyword, text }) => /^(?:COPY|ADD)$/.test(keyword) && !text.startsWith('--from'),
    ) ?? []
  const sourcesOf = (text: string): string[] =>
    text
      .split(/\s+/)
      .filter((word) => !word.startsWith('--'))
      .slice(0, -1)
  const named = copies.flatMap(({ text, line }) => {
    const name = sourcesOf(text).find((source) => isEnvFile.test(source.replace(/^\.\//, '')))
    return name
      ? [finding('env-file-required', { file: 'Dockerfile', line }, { name: name.replace(/^\.\//, '') })]
      : []
  })
  const whole = copies.find(({ text }) =>
    sourcesOf(text).some((source) => /^\.?\/?$/.test(source) || source === '.'),
  )
  const taken = whole ? files.filter((name) => !isOutOfBuild(name)) : []
  return [
    ...named,
    ...taken.map((name) => finding('env-file-in-image', { file: 'Dockerfile', line: whole!.line }, { name })),
  ]
}

function checkPublished({ isOutOfRepository }: Project, files: readonly string[]): Finding[] {
  return files
    .filter((name) => !isOutOfRepository(name))
    .map((name) => finding('env-file-published', { file: name, line: 1 }, { name }))
}
