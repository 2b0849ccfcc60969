import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { findStartedProgram, lineAt } from '../started-program.ts'

const loopback = String.raw`(127\.0\.0\.1|localhost|\[?::1\]?)`

/** Commands that listen on the loopback interface unless they are told otherwise. */
const shyPrograms = ['uvicorn', 'flask', 'gunicorn', 'vite', 'hypercorn']

/** The app listens where connections from outside arrive. */
export function checkBindAddress(project: Project): Finding[] {
  const program = findStartedProgram(project)
  if (!program) return []
  const { words, place, source } = program
  const text = words.join(' ')
  const flag = new RegExp(`(?:--(?:host|hostname|bind|address|server\\.address)|-b|-H)[ =]${loopback}`).exec(
    text,
  )
  if (flag) return [finding('bound-to-loopback', place, { host: flag[1]! })]
  const host = project.image!.env.get('HOST') ?? project.image!.env.get('HOSTNAME')
  const isLoopback = host && new RegExp(`^${loopback}$`).test(host.value)
  if (isLoopback)
    return [finding('bound-to-loopback', { file: 'Dockerfile', line: host.line }, { host: host.value })]
  const shy = shyPrograms.find((name) => words.includes(name))
  if (shy && !/(?:--host|--bind|-b)(?:[ =]|$)/.test(text)) {
    return [finding('bound-to-loopback', place, { host: '127.0.0.1' })]
  }
  return source ? checkSource(source) : []
}

function checkSource({ path, text }: { path: string; text: string }): Finding[] {
  const pattern = new RegExp(`(?:\\.listen\\([^)]*?|\\bhost(?:name)?\\s*[:=]\\s*)['"]${loopback}['"]`)
  const match = pattern.exec(text)
  return match
    ? [finding('bound-to-loopback', { file: path, line: lineAt(text, match.index) }, { host: match[1]! })]
    : []
}
