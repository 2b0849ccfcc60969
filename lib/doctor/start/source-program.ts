import { posix } from 'node:path'
import type { Environment } from '../environment.ts'
import { lineAt } from '../line-at.ts'
import { findAllFlags } from '../shell/flags.ts'
import { findJavaScriptServers } from '../source/javascript.ts'
import { findPythonServers } from '../source/python.ts'
import type { SourceServers } from '../source/syntax.ts'
import { changes, namePattern } from './changes.ts'
import { fileAt } from './container-path.ts'
import { listening, type Answer, type Container, type Process } from './listening.ts'

type Words = Process['words']

/**
 * Where a source in the folder listens.
 *
 * @param args - the words after its name.
 */
export function answerSource(path: string, args: Words, process: Process, container: Container): Answer {
  const text = container.folder.read(path)
  if (text === undefined || text.length > 400_000) return 'unknown'
  if (changes(container, namePattern(path))) return 'unknown'
  container.sources.push(path)
  const environment = withDotenv(process, text, container)
  const isPython = path.endsWith('.py') || /^#!.*\bpython/.test(text)
  const found = isPython
    ? findPythonServers(text, environment, args)
    : findJavaScriptServers(text, environment, posix.basename(process.words[0] ?? ''))
  return answerOf(found, (offset) => ({ file: path, line: lineAt(text, offset) }), process)
}

/** What a program listens on; nobody knows what one does that starts others. */
export function answerOf(
  { servers, isComplete }: SourceServers,
  placeOf: (offset: number) => Process['place'],
  { place }: Process,
): Answer {
  const answers = servers.map(({ program, port, host, offset }) =>
    listening(program, port === '' ? undefined : port, host === '' ? '0.0.0.0' : host, placeOf(offset)),
  )
  if (answers.length === 0) return 'unknown'
  return isComplete ? answers : [...answers, listening('another program', undefined, undefined, place)]
}

/** A program may set variables itself, or find them in a file: what they are then is not known here. */
export function withDotenv(process: Process, text: string, container: Container): Environment {
  const { environment } = process
  const isRead = /dotenv|decouple|environs|BaseSettings|loadEnvFile/.test(text)
  const named = isRead ? ['.env', ...[...text.matchAll(envFile)].map((match) => match[1]!)] : []
  const given = findAllFlags(process.words, ['--env-file', '--env-file-if-exists'])
  const names = [
    ...[...named, ...given].flatMap((name) => (name ? namesIn(name, process, container) : [])),
    ...[...text.matchAll(setBySource)].map((match) => match.slice(1).find(Boolean)!),
  ]
  return names.reduce((known, name) => known.with(name, environment.get(name) ?? undefined), environment)
}

const envFile = /['"]((?:[\w.-]{1,60}\/){0,8}[\w.-]{0,60}\.env(?:\.\w+)?)['"]/g
const setBySource =
  /\bprocess\.env\.(\w+)\s*(?:\?\?|\|\|)?=(?!=)|\benviron(?:\.setdefault\(\s*|\[)['"](\w+)['"](?:\s*,|\]\s*=(?!=))/g

function namesIn(file: string, process: Process, container: Container): readonly string[] {
  const path = fileAt(file, process, container)
  // One that the build writes may hold the port.
  if (path === undefined && changes(container, /\.env\b/)) return ['PORT']
  const content = path === undefined ? '' : container.folder.text(path)
  return [...content.matchAll(/^\s*(?:export\s+)?(\w+)\s*=/gm)].map((match) => match[1]!)
}
