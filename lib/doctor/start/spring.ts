import { LineCounter, parseDocument } from 'yaml'
import type { Known } from '../environment.ts'
import { lineAt } from '../line-at.ts'
import { listening, type Answer, type Container, type Process } from './listening.ts'

const resources = 'src/main/resources'

/** Spring Boot: the command line, the environment, the properties. */
export function readSpring(args: Process['words'], process: Process, { folder }: Container): Answer {
  const { environment, place } = process
  const builds = ['pom.xml', 'build.gradle', 'build.gradle.kts'].map((name) => folder.text(name))
  if (!builds.join('\n').includes('spring-boot-starter-web') || args.includes(undefined)) return 'unknown'
  const options = ['JAVA_TOOL_OPTIONS', 'JAVA_OPTS'].map((name) => environment.get(name) ?? '')
  const words = [...(args as string[]), ...options.flatMap((each) => each.split(' '))]
  const flag = words
    .map((word) => /^(?:--|-D)server\.port=(.*)$/.exec(word)?.[1])
    .find((each) => each !== undefined)
  const given = flag ?? environment.get('SERVER_PORT')
  if (given) return [listening('Spring Boot', replaced(given, environment), '0.0.0.0', place)]
  const profiles = /\/(?:application-\w+\.(?:ya?ml|properties)|bootstrap\.\w+|config\/)/
  if (folder.files.some((file) => file.includes('/resources/') && profiles.test(file))) return 'unknown'
  const found = readProperties(folder) ?? readYaml(folder)
  if (found === undefined) return [listening('Spring Boot', '8080', '0.0.0.0', place)]
  const { value, ...at } = found
  return [listening('Spring Boot', replaced(value, environment), '0.0.0.0', at)]
}

/** Spring itself replaces `${PORT}` and `${PORT:8080}`, wherever they stand. */
function replaced(value: string, environment: Process['environment']): Known {
  const [, name, otherwise = null] = /^\$\{(\w+)(?::([^}]*))?\}$/.exec(value) ?? []
  if (name === undefined) return value
  const known = environment.get(name)
  return known === null ? otherwise : known
}

interface Property {
  readonly value: string
  readonly file: string
  readonly line: number
}

function readProperties(folder: Container['folder']): Property | undefined {
  const file = `${resources}/application.properties`
  const text = folder.text(file)
  const match = /^\s*server\.port\s*[=:]\s*(\S+)/m.exec(text)
  return match ? { value: match[1]!, file, line: lineAt(text, match.index) } : undefined
}

function readYaml(folder: Container['folder']): Property | undefined {
  const file = ['yml', 'yaml']
    .map((end) => `${resources}/application.${end}`)
    .find((each) => folder.kind(each))
  if (file === undefined) return undefined
  const text = folder.text(file)
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: false })
  const value: unknown = document.errors.length > 0 ? undefined : document.getIn(['server', 'port'])
  const line = lineAt(text, Math.max(text.search(/^\s+port\s*:/m), 0))
  return typeof value === 'number' || typeof value === 'string'
    ? { value: String(value), file, line }
    : undefined
}
