import { posix } from 'node:path'
import { matchSource } from '../dockerfile/files.ts'
import { finding, type Finding } from '../finding.ts'
import { lineAt } from '../line-at.ts'
import type { Project } from '../project.ts'
import { isSecret } from './secrets.ts'

const isEnvFile = /^\.env(?:\.(?!example$|sample$|template$|dist$)\w+)?$/

/** The app does without a file of variables, and none is given away. */
export function checkEnvFiles(project: Project): Finding[] {
  const files = project.names.filter(
    (name) => isEnvFile.test(name) && holdsSecrets(project.folder.text(name)),
  )
  return [
    ...checkCommand(project),
    ...checkSources(project),
    ...checkCopies(project, files),
    ...checkPublished(project, files),
  ]
}

function holdsSecrets(text: string): boolean {
  const lines = text.matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*["']?([^\s"'#]+)/gm)
  return [...lines].some(([, name = '', value = '']) => isSecret(name, value))
}

/** A command that ends where the file is missing. */
function checkCommand({ serving, image, locate }: Project): Finding[] {
  return (serving?.processes ?? []).flatMap(({ words, place, workingDirectory }) => {
    if (!/^(?:node|tsx)$/.test(posix.basename(words[0] ?? '')) || workingDirectory === undefined) return []
    const flag = words.findIndex((word) => /^--env-file(?:=|$)/.test(word ?? ''))
    const name = flag === -1 ? undefined : (words[flag]!.split('=')[1] ?? words[flag + 1])
    const isThere = name === undefined || locate(posix.resolve(workingDirectory, name)) !== undefined
    return isThere || !image!.base ? [] : [finding('env-file-required', place, { name })]
  })
}

function checkSources({ serving, image, folder, locate }: Project): Finding[] {
  return (serving?.sources ?? []).flatMap((file) => {
    const text = folder.text(file)
    const call = /^(?![^\n]*\/\/)[^\n]*\bprocess\.loadEnvFile\((?:['"]([^'"]+)['"])?\)/m.exec(text)
    const name = call?.[1] ?? '.env'
    const isCaught = /\btry\s*\{[^}]*loadEnvFile/.test(text)
    if (!call || isCaught || locate(posix.resolve(image!.workingDirectory ?? '/', name)) !== undefined)
      return []
    return [finding('env-file-required', { file, line: lineAt(text, call.index) }, { name })]
  })
}

function checkCopies(project: Project, files: readonly string[]): Finding[] {
  const whole = project.image?.copies.find(
    ({ from, sources }) =>
      from === undefined &&
      sources.some((source) =>
        files.some((name) => [name, '.'].includes(matchSource(source, project)[0] ?? '')),
      ),
  )
  if (!whole) return []
  const taken = files.filter((name) => !project.isIgnored(name) && !project.isOutOfRepository(name))
  return taken.map((name) =>
    finding('env-file-in-image', { file: 'Dockerfile', line: whole.instruction.line }, { name }),
  )
}

function checkPublished({ isOutOfRepository }: Project, files: readonly string[]): Finding[] {
  return files
    .filter((name) => !isOutOfRepository(name))
    .map((name) => finding('env-file-published', { file: name, line: 1 }, { name }))
}
