import { LineCounter, parseDocument } from 'yaml'
import type { Known } from '../environment.ts'
import { lineAt } from '../line-at.ts'
import { listening, type Answer, type Container, type Process } from './listening.ts'

const [properties, ...yamls] = ['properties', 'yml', 'yaml'].map(
  (end) => `src/main/resources/application.${end}`,
) as [string, ...string[]]
const propertyFiles = [properties, ...yamls]

/** Spring Boot: the command line, the environment, the properties. */
export function readSpring(args: Process['words'], process: Process, { folder }: Container): Answer {
  const { environment, place } = process
  const builds = ['pom.xml', 'build.gradle', 'build.gradle.kts'].map((name) => folder.text(name))
  if (!builds.join('\n').includes('spring-boot-starter-web') || args.includes(undefined)) return 'unknown'
  const options = ['JAVA_TOOL_OPTIONS', 'JAVA_OPTS'].map((name) => environment.get(name) ?? '')
  const words = [...(args as string[]), ...options.flatMap((each) => each.split(' '))]
  const sources = { words, environment, folder }
  const given = optionIn(words, 'server.port') ?? environment.get('SERVER_PORT')
  if (given) return [listening('Spring Boot', replaced(given, sources), '0.0.0.0', place)]
  const profiles = /\/(?:application-\w+\.(?:ya?ml|properties)|bootstrap\.\w+|config\/)/
  if (folder.files.some((file) => file.includes('/resources/') && profiles.test(file))) return 'unknown'
  const found = readProperties(folder) ?? readYaml(folder)
  if (found === undefined) return [listening('Spring Boot', '8080', '0.0.0.0', place)]
  const { value, ...at } = found
  return [listening('Spring Boot', replaced(value, sources), '0.0.0.0', at)]
}

function optionIn(words: readonly string[], name: string): string | undefined {
  const starts = [`--${name}=`, `-D${name}=`]
  return words.flatMap((word) =>
    starts.flatMap((start) => (word.startsWith(start) ? [word.slice(start.length)] : [])),
  )[0]
}

/** Where Spring looks for the value of a placeholder. */
interface Sources {
  readonly words: readonly string[]
  readonly environment: Process['environment']
  readonly folder: Container['folder']
}

/** Spring itself replaces `${PORT}` and `${PORT:8080}`, wherever they stand; what else it or the build replaces is not followed. */
function replaced(value: string, { words, environment, folder }: Sources): Known {
  const [, name, otherwise = null] = /^\$\{(\w+)(?::([^{}]*))?\}$/.exec(value) ?? []
  if (name === undefined) return /[$#]\{|@/.test(value) ? undefined : value
  const option = optionIn(words, name)
  if (option !== undefined) return option
  const isProperty = new RegExp(String.raw`^\s*${name}\s*[=:]`, 'm')
  if (propertyFiles.some((file) => isProperty.test(folder.text(file)))) return undefined
  const known = environment.get(name)
  return known === null ? otherwise : known
}

interface Property {
  readonly value: string
  readonly file: string
  readonly line: number
}

function readProperties(folder: Container['folder']): Property | undefined {
  const text = folder.text(properties)
  const match = /^\s*server\.port\s*[=:]\s*(\S+)/m.exec(text)
  return match ? { value: match[1]!, file: properties, line: lineAt(text, match.index) } : undefined
}

function readYaml(folder: Container['folder']): Property | undefined {
  const file = yamls.find((each) => folder.kind(each))
  if (file === undefined) return undefined
  const text = folder.text(file)
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: false })
  const value: unknown = document.errors.length > 0 ? undefined : document.getIn(['server', 'port'])
  const line = lineAt(text, Math.max(text.search(/^\s+port\s*:/m), 0))
  return typeof value === 'number' || typeof value === 'string'
    ? { value: String(value), file, line }
    : undefined
}
