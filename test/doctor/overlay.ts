import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from '#lib/cli/run.js'
import type { Finding } from '#lib/doctor/finding.js'

export const fixtures: string = join(import.meta.dirname, '../../test/fixtures/doctor')

/** How a project differs from the healthy one. */
export interface Overlay {
  /** A folder below test/fixtures/doctor that is laid over it. */
  readonly fixture?: string
  /** Files that are laid over it, by path. */
  readonly files?: Readonly<Record<string, string>>
  /** Files that it lacks. */
  readonly without?: readonly string[]
}

/** Makes a project folder that is gone after the test. */
export function makeProject(
  t: { teardown(clean: () => void): void },
  { fixture = '', files = {}, without = [] }: Overlay,
): string {
  const directory = mkdtempSync(join(tmpdir(), 'failsoft-doctor-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  cpSync(join(fixtures, 'healthy'), directory, { recursive: true })
  const folder = join(fixtures, fixture)
  if (fixture && existsSync(folder)) cpSync(folder, directory, { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  for (const path of without) rmSync(join(directory, path))
  return directory
}

/** Runs `failsoft doctor` in this process. */
export async function runDoctor(
  args: readonly string[],
  terminal: { isTerminal?: boolean; env?: Record<string, string> } = {},
): Promise<{ output: string; exitCode: number }> {
  let output = ''
  const print = (line: string): void => void (output += `${line}\n`)
  const surface = { env: {}, isTerminal: false, columns: 80, ...terminal, print, complain: print }
  return { exitCode: await run(['doctor', ...args], surface), output }
}

/** What doctor finds, a line each. */
export async function findingsIn(directory: string): Promise<{ lines: string[]; exitCode: number }> {
  const { output, exitCode } = await runDoctor([directory, '--json'])
  const { findings } = JSON.parse(output) as { findings: Finding[] }
  return {
    lines: findings.map(({ code, severity, file, line }) => `${severity} ${code} ${file}:${line}`),
    exitCode,
  }
}
