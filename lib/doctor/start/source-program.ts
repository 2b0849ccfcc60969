import { posix } from 'node:path'
import type { Environment } from '../environment.ts'
import { lineAt } from '../line-at.ts'
import { findJavaScriptServers } from '../source/javascript.ts'
import { findPythonServers } from '../source/python.ts'
import type { SourceServers } from '../source/syntax.ts'
import { fileAt } from './container-path.ts'
import { listening, type Answer, type Container, type ContainerFiles, type Process } from './listening.ts'

type Words = Process['words']

/**
 * Where a source in the folder listens.
 *
 * @param args - the words after its name.
 */
export function answerSource(path: string, args: Words, process: Process, container: Container): Answer {
  const text = container.folder.read(path)
  if (text === undefined || text.length > 400_000) return 'unknown'
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

/** A program that reads `.env` may find its port there. */
export function withDotenv(process: Process, text: string, files: ContainerFiles): Environment {
  const { environment } = process
  if (!/dotenv|decouple|environs|BaseSettings|loadEnvFile/.test(text)) return environment
  const path = fileAt('.env', process, files)
  const content = path === undefined ? '' : files.folder.text(path)
  const names = [...content.matchAll(/^\s*(?:export\s+)?(\w+)\s*=/gm)].map((match) => match[1]!)
  return names.reduce((known, name) => known.with(name, environment.get(name) ?? undefined), environment)
}
