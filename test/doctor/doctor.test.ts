import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { catalogue } from '#lib/doctor/catalogue.js'
import { examine } from '#lib/doctor/examine.js'
import { runDoctor } from './overlay.js'
import { generateValidator, validatorPath } from './generate-validator.js'

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
  t.same(doctor(), { output: 'Nothing found.\n', exitCode: 0 })
  t.same(JSON.parse(doctor('--json').output), { status: 'pass', findings: [] })
})

t.test('a folder that is none', async (t) => {
  const { output, exitCode } = doctor('no-such-folder', '--json')
  t.hasStrict(JSON.parse(output), { status: 'fail', findings: [{ code: 'folder-missing' }] })
  t.equal(exitCode, 2)
})

t.test('each finding is a line with its place, and a line with its cure', async (t) => {
  const { output } = doctor(join(fixtures, 'values-out-of-range'))
  t.match(
    output,
    'README.md:9: error metadata-invalid: license must be one of the ids that the Hub lists.\n  → Write mit.',
  )
  t.match(
    output,
    'README.md:11: error metadata-invalid: python_version must be a text.\n  → Put it in quotes: "3.1".',
  )
  t.match(output, 'README.md:12: error metadata-invalid: hf_oauth_scopes.1 must be one of email,')
  t.match(output, /\d+ errors, \d+ warnings?\.\n$/)
})

t.test('a terminal gets colours, unless it wants none', async (t) => {
  const project = join(fixtures, 'values-out-of-range')
  const escape = '\u001B'
  t.match(
    (await runDoctor([project], { isTerminal: true })).output,
    `${escape}[31merror${escape}[39m metadata-invalid`,
  )
  t.match(
    (await runDoctor([project], { isTerminal: true })).output,
    `${escape}[33mwarning${escape}[39m metadata-other-sdk`,
  )
  t.notMatch((await runDoctor([project], { isTerminal: true, env: { NO_COLOR: '1' } })).output, escape)
  t.notMatch((await runDoctor([project], { isTerminal: true, env: { TERM: 'dumb' } })).output, escape)
})

t.test('no finding repeats a secret', async (t) => {
  const { output } = doctor(join(fixtures, 'secret-in-image'), '--json')
  t.match(output, 'secret-in-image')
  t.notMatch(output, /hunter2|abc123/)
})

t.test('every finding is documented', async (t) => {
  const text = readFileSync(join(root, 'docs/doctor.md'), 'utf8')
  t.same(
    [...text.matchAll(/^\| `([\w-]+)`\s+\|/gm)].map(([, code]) => code),
    Object.keys(catalogue),
  )
})

t.test('the validator is in step with the schema', async (t) => {
  t.equal(readFileSync(validatorPath, 'utf8'), await generateValidator())
  t.notMatch(readFileSync(validatorPath, 'utf8'), /\brequire\(|^import /m, 'and imports nothing')
})
