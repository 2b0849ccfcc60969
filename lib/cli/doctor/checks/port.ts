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

/** The most certain of what the command, the environment and the source say. */
function findPort(project: Project): Listening | undefined {
  const program = findStartedProgram(project)
  const set = project.image!.env.get('PORT')
  return (
    (program && portInCommand(program)) ??
    (set && /^\d+$/.test(set.value)
      ? { port: Number(set.value), file: 'Dockerfile', line: set.line }
      : undefined) ??
    (program?.source && portInSource(program.source))
  )
}

function portInCommand({ words, place }: StartedProgram): Listening | undefined {
  const text = words.join(' ')
  const match =
    /(?:^|\s)(?:--(?:server\.)?port|-p)[ =](\d{2,5})(?=\s|$)/.exec(text) ??
    /(?:--bind|-b)[ =]\S*:(\d{2,5})(?=\s|$)/.exec(text)
  return match ? { port: Number(match[1]), ...place } : undefined
}

function portInSource({ path, text }: { path: string; text: string }): Listening | undefined {
  const match =
    /\bPORT\b['"\])]*\s*(?:\|\||\?\?|,|or)\s*['"]?(\d{2,5})\b/.exec(text) ??
    /\.listen\(\s*(\d{2,5})\b/.exec(text)
  return match ? { port: Number(match[1]), file: path, line: lineAt(text, match.index) } : undefined
}
