import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { catalogue } from '#lib/doctor/catalogue.js'
import { examine } from '#lib/doctor/examine.js'
import { fixtures, makeProject, runDoctor } from './overlay.js'

const root = join(import.meta.dirname, '../..')

t.test('this project passes with no finding', async (t) => {
  t.same(examine(root), [])
  t.same(await runDoctor([root]), { output: 'Nothing was found that breaks.\n', exitCode: 0 })
  t.same(JSON.parse((await runDoctor([root, '--json'])).output), { status: 'pass', findings: [] })
})

t.test('a key that is a list warns nobody of JavaScript', async (t) => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => void warnings.push(warning)
  process.on('warning', onWarning)
  t.teardown(() => process.off('warning', onWarning))
  const list = '? [a, b]\n: c\n'
  examine(
    makeProject(t, {
      files: {
        'README.md': `---\ntitle: T\n${list}---\n`,
        'compose.yaml': `services:\n  ? [a, b]\n  : {}\n`,
      },
    }),
  )
  await new Promise(setImmediate)
  t.same(warnings, [])
})

t.test('a folder that is none', async (t) => {
  const { output, exitCode } = await runDoctor(['no-such-folder', '--json'])
  t.hasStrict(JSON.parse(output), { status: 'fail', findings: [{ code: 'folder-missing' }] })
  t.equal(exitCode, 2)
})

t.test('a finding names its place, what is wrong and the cure, on 80 columns', async (t) => {
  const { output, exitCode } = await runDoctor([join(fixtures, 'values-out-of-range')])
  t.match(
    output,
    'error README.md:9 metadata-invalid\n  license must be one of the ids that the Hub lists.\n  → Write mit.\n',
  )
  t.match(
    output,
    'error README.md:11 metadata-invalid\n  python_version must be a text.\n  → Put it in quotes: "3.10".\n',
  )
  t.match(output, /\nThis Space will not work: \d+ errors, \d+ warnings?\.\n$/)
  t.same(
    output.split('\n').filter((line) => line.length > 80),
    [],
  )
  t.equal(exitCode, 2)
})

t.test('warnings alone end with 1, notes alone with 0', async (t) => {
  const warned = await runDoctor([makeProject(t, { fixture: 'title-missing' })])
  t.match(warned.output, /This Space may not work as meant: 1 warning\./)
  t.equal(warned.exitCode, 1)
  const noted = await runDoctor([makeProject(t, { fixture: 'docker-not-pinned' })])
  t.match(noted.output, /Nothing was found that breaks: 1 note\./)
  t.equal(noted.exitCode, 0)
})

t.test('a fix can be pasted', async (t) => {
  const { output } = await runDoctor([makeProject(t, { fixture: 'sqlite-not-writable' }), '--json'])
  const { findings } = JSON.parse(output) as { findings: { code: string; fix?: string }[] }
  const fix = findings.find(({ code }) => code === 'path-not-writable')?.fix
  t.match(fix, /^RUN mkdir -p \S+ && chown \S+ \S+$/)
  t.notMatch(JSON.stringify(findings), /\{\w+\}/, 'every word is filled in')
})

t.test('the cure for an address names the port of the Space, in the words of its place', async (t) => {
  const dockerfile = (cmd: string) => `FROM python:3.12-slim\nCOPY . .\nCMD ${cmd}\n`
  const source = (lines: string) =>
    `from hypercorn.asyncio import serve\nfrom hypercorn.config import Config\n${lines}\n`
  const rows = [
    { name: 'gunicorn', input: { Dockerfile: dockerfile('gunicorn app:app') }, want: '--bind 0.0.0.0:8000' },
    {
      name: 'hypercorn in code',
      input: { Dockerfile: dockerfile('python app.py'), 'app.py': source('serve(app, Config())') },
      want: 'config.bind = ["0.0.0.0:8000"]',
    },
    {
      name: 'uvicorn in code',
      input: { Dockerfile: dockerfile('python app.py'), 'app.py': 'import uvicorn\nuvicorn.run(app)\n' },
      want: 'host="0.0.0.0"',
    },
  ]
  for (const { name, input, want } of rows) {
    const readme = '---\ntitle: T\nsdk: docker\napp_port: 8000\n---\n'
    const project = makeProject(t, { files: { 'README.md': readme, ...input } })
    const { output } = await runDoctor([project, '--json'])
    const { findings } = JSON.parse(output) as { findings: { code: string; fix?: string }[] }
    t.equal(findings.find(({ code }) => code === 'bound-to-loopback')?.fix, want, name)
  }
})

t.test('a terminal gets colours, unless it wants none', async (t) => {
  const project = join(fixtures, 'values-out-of-range')
  const escape = '\u001B'
  const colored = await runDoctor([project], { isTerminal: true })
  t.match(colored.output, `${escape}[31merror${escape}[39m README.md`)
  t.match(colored.output, `${escape}[33mwarning${escape}[39m README.md`)
  t.notMatch((await runDoctor([project], { isTerminal: true, env: { NO_COLOR: '1' } })).output, escape)
  t.notMatch((await runDoctor([project], { isTerminal: true, env: { TERM: 'dumb' } })).output, escape)
})

t.test('no finding repeats a secret', async (t) => {
  const secrets = ['hunter2', 'abc123', 'tr0ub4dor', 'hf_abcdefghijklmnopqrstuvwxyzabcdefgh', 's3cret']
  const project = makeProject(t, {
    fixture: 'secret-in-image',
    files: {
      '.gitignore': 'node_modules\n',
      '.env': `DATABASE_URL=postgres://u:${secrets[2]}@localhost:notaport/x\nSQLITE_PATH=${secrets[2]}\n`,
      'compose.yaml': `services:\n  db:\n    environment: { POSTGRES_PASSWORD: ${secrets[2]} }\n  app: { depends_on: [db] }\n`,
      'app.py': `TOKEN = '${secrets[3]}'\n`,
      'start.sh': `export DATABASE_URL=mysql://root:${secrets[4]}@127.0.0.1/x\n`,
    },
  })
  for (const args of [[project], [project, '--json']]) {
    const { output } = await runDoctor(args)
    for (const code of ['secret-in-image', 'secret-in-file', 'env-file-published', 'database-url-invalid'])
      t.match(output, code)
    for (const secret of secrets) t.notMatch(output, secret)
  }
})

t.test('a folder with more than it can read is judged by what lies near the top', async (t) => {
  const project = makeProject(t, {})
  for (const part of ['a', 'b', 'c']) {
    mkdirSync(join(project, 'data', part), { recursive: true })
    for (let number = 0; number < 2000; number += 1)
      writeFileSync(join(project, 'data', part, `${number}.py`), '')
  }
  t.same(examine(project), [])
})

t.test('every finding is documented, as the catalogue has it', async (t) => {
  const text = readFileSync(join(root, 'docs/doctor.md'), 'utf8')
  const rows = [
    ...text.replaceAll('\\', '').matchAll(/^### `([\w-]+)` \((\w+)\)\n\n([^\n]+)\n\n([^\n]+)$/gm),
  ].map(([, code, ...words]) => [code, words])
  const plain = (words: string): string => words.replaceAll(/\{(\w+)\}/g, '_$1_')
  const described = Object.entries(catalogue).map(([code, { severity, message, hint }]) => [
    code,
    [severity, plain(message), plain(hint)],
  ])
  t.same(Object.fromEntries(rows), Object.fromEntries(described))
})
