import type { Setting } from '../dockerfile/image.ts'
import { finding, type Finding, type Place } from '../finding.ts'
import type { Project } from '../project.ts'
import { findStartedProgram, lineAt, type StartedProgram } from '../started-program.ts'

interface Listening extends Place {
  readonly port: number
}

/** The app listens where the Space looks. */
export function checkPort(project: Project): Finding[] {
  const { image, port: expected } = project
  if (!image) return []
  const listening = findPort(project)
  if (listening) {
    return listening.port === expected
      ? []
      : [finding('port-mismatch', listening, { port: listening.port, expected })]
  }
  const ports = image.exposed.map(({ value }) => Number.parseInt(value, 10))
  const [first] = image.exposed
  if (!first || ports.includes(expected)) return []
  return [
    finding('port-not-exposed', { file: 'Dockerfile', line: first.line }, { port: ports[0]!, expected }),
  ]
}

const fixedPort = /\.listen\(\s*(?:\{\s*port:\s*)?(\d{2,5})\b/
const defaultPort = /\bPORT\b['"\])]*\s*(?:\|\||\?\?|,|or)\s*['"]?(\d{2,5})\b/

/** The most certain of what the command, the source and the environment say. */
function findPort(project: Project): Listening | undefined {
  const program = findStartedProgram(project)
  const source = program?.source
  return (
    (program && portInCommand(program)) ??
    (source && portInSource(source, fixedPort)) ??
    portInEnvironment(project.image!.env.get('PORT')) ??
    (source && portInSource(source, defaultPort))
  )
}

function portInCommand({ words, place }: StartedProgram): Listening | undefined {
  const text = words.join(' ')
  const flag = /(?:^|\s)(?:--(?:server\.)?port|-p)[ =](\d{2,5})(?=\s|$)/.exec(text)
  const match = flag ?? /(?:--bind|-b)[ =]\S*:(\d{2,5})(?=\s|$)/.exec(text)
  return match ? { port: Number(match[1]), ...place } : undefined
}

function portInEnvironment(setting: Setting | undefined): Listening | undefined {
  if (!setting || !/^\d+$/.test(setting.value)) return undefined
  return { port: Number(setting.value), file: 'Dockerfile', line: setting.line }
}

function portInSource(
  { path, text }: { path: string; text: string },
  pattern: RegExp,
): Listening | undefined {
  const match = pattern.exec(text)
  return match ? { port: Number(match[1]), file: path, line: lineAt(text, match.index) } : undefined
}
