import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { catalogue } from '#lib/doctor/catalogue.js'
import { examine } from '#lib/doctor/examine.js'
import { runDoctor } from './overlay.js'

const root = join(import.meta.dirname, '../..')
const fixtures = join(root, 'test/fixtures/doctor')

function doctor(...args: string[]): { output: string; exitCode: number | null } {
  const { stdout, status } = spawnSync(
    process.execPath,
    [join(root, 'dist/cli/main.js'), 'doctor', ...args],
    {
      encoding: 'utf8',
      cwd: root,
    },
  )
  return { output: stdout, exitCode: status }
}

t.test('this project passes with no finding', async (t) => {
  t.same(examine(root), [])
  t.same(doctor(), { output: 'Nothing was found that breaks.\n', exitCode: 0 })
  t.same(JSON.parse(doctor('--json').output), { status: 'pass', findings: [] })
})

t.test('a folder that is none', async (t) => {
  const { output, exitCode } = doctor('no-such-folder', '--json')
  t.hasStrict(JSON.parse(output), { status: 'fail', findings: [{ code: 'folder-missing' }] })
  t.equal(exitCode, 2)
})

t.test('a finding names its place, what is wrong and the cure, on 80 columns', async (t) => {
  const { output } = doctor(join(fixtures, 'values-out-of-range'))
  t.match(
    output,
    'error README.md:9 metadata-invalid\n  license must be one of the ids that the Hub lists.\n  → Write mit.\n',
  )
  t.match(
    output,
    'error README.md:11 metadata-invalid\n  python_version must be a text.\n  → Put it in quotes: "3.1".\n',
  )
  t.match(output, /\nThis Space will not work: \d+ errors, \d+ warnings?\.\n$/)
  t.same(
    output.split('\n').filter((line) => line.length > 80),
    [],
  )
})

t.test('a fix can be pasted', async (t) => {
  const { output } = doctor(join(fixtures, 'sqlite-not-writable'), '--json')
  const { findings } = JSON.parse(output) as { findings: { code: string; fix?: string }[] }
  const fix = findings.find(({ code }) => code === 'path-not-writable')?.fix
  t.match(fix, /^RUN mkdir -p \S+ && chown \S+ \S+$/)
  t.notMatch(JSON.stringify(findings), /\{\w+\}/, 'every word is filled in')
})

t.test('a terminal gets colours, unless it wants none', async (t) => {
  const project = join(fixtures, 'values-out-of-range')
  const escape = '\u001B'
  t.match(
    (await runDoctor([project], { isTerminal: true })).output,
    `${escape}[31merror${escape}[39m README.md`,
  )
  t.match(
    (await runDoctor([project], { isTerminal: true })).output,
    `${escape}[33mwarning${escape}[39m README.md`,
  )
  t.notMatch((await runDoctor([project], { isTerminal: true, env: { NO_COLOR: '1' } })).output, escape)
  t.notMatch((await runDoctor([project], { isTerminal: true, env: { TERM: 'dumb' } })).output, escape)
})

t.test('no finding repeats a secret', async (t) => {
  const { output } = doctor(join(fixtures, 'secret-in-image'), '--json')
  t.match(output, 'secret-in-image')
  t.notMatch(output, /hunter2|abc123/)
})

t.test('every finding is documented, as the catalogue has it', async (t) => {
  const text = readFileSync(join(root, 'docs/doctor.md'), 'utf8')
  const rows = [
    ...text.replaceAll('\\', '').matchAll(/^### `([\w-]+)` \((\w+)\)\n\n([^\n]+)\n\n([^\n]+)$/gm),
  ].map((match) => match.slice(1))
  const plain = (words: string): string => words.replaceAll(/\{(\w+)\}/g, '_$1_')
  const described = Object.entries(catalogue).map(([code, { severity, message, hint }]) => [
    code,
    [severity, plain(message), plain(hint)],
  ])
  t.same(Object.fromEntries(rows), Object.fromEntries(described))
})
