import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { problemCatalogue, resolveDatabaseConfig } from 'failsoft'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { startPostgres } from '../servers/postgres.ts'
import { compileExamples, runFile } from './examples.ts'
import { codeBlocks, onlyBlock, readText, root } from './markdown.ts'

const code = onlyBlock('README.md', 'js')

function writeExample(t: Test): string {
  const file = join(root, '.test', `readme-${process.pid}-${performance.now()}.mjs`)
  writeFileSync(file, code)
  t.teardown(() => rmSync(file))
  return file
}

const fallbacks = [
  { name: 'no variable', env: {}, want: 'fallback DATABASE_URL is not set.' },
  {
    name: 'a malformed URL',
    env: { DATABASE_URL: 'postgres://app:s3cret@db.example.com:99999/todo' },
    want: 'fallback DATABASE_URL has a port that is not a number from 1 to 65535.',
  },
  {
    name: 'a server that is down',
    env: { DATABASE_URL: 'postgres://app:s3cret@127.0.0.1:1/todo' },
    want: 'fallback postgres://app:***@127.0.0.1:',
  },
]

for (const { name, env, want } of fallbacks) {
  void t.test(`the library in twenty lines, with ${name}: says why, and works`, async (t) => {
    const { code, out, err } = await runFile(writeExample(t), { ...env })
    t.equal(code, 0, err)
    t.match(out, want)
    t.match(out, "[ { text: 'It boots.' } ]")
    t.match(err, 'FAILSOFT_FALLBACK', 'a fallback is loud')
    t.notMatch(out + err, 's3cret')
  })
}

void t.test('the library in twenty lines, with a PostgreSQL: uses it', async (t) => {
  const server = await startPostgres()
  t.teardown(server.remove)
  const { out, err } = await runFile(writeExample(t), { DATABASE_URL: server.url })
  t.equal(err, '')
  t.equal(out, "connected \n[ { text: 'It boots.' } ]\n")
})

void t.test('the example is TypeScript too, in a strict project', async (t) => {
  const compiled = compileExamples({ readme: code })
  t.teardown(compiled.remove)
  t.strictSame(compiled.complaints, [])
})

void t.test('the example is short', async (t) => {
  const lines = code.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//'))
  t.ok(lines.length <= 20, `${lines.length} lines`)
})

void t.test('the head is what a Space understands', async (t) => {
  const [, head = ''] = /^---\n([\s\S]*?)\n---\n/.exec(readText('README.md')) ?? []
  const fields = parse(head) as Record<string, string>
  t.match(fields, { title: 'failsoft', sdk: 'docker', app_port: 7860, license: 'mit' })
  t.ok(fields['short_description']!.length <= 60)
})

void t.test("its links work from npm's page, which leads them to the repository", async (t) => {
  const manifest = JSON.parse(readText('package.json')) as Record<string, unknown>
  const home = 'https://github.com/failsoft/failsoft'
  t.match(manifest, {
    repository: { type: 'git', url: `git+${home}.git` },
    homepage: `${home}#readme`,
    bugs: `${home}/issues`,
  })
  const links = [...readText('README.md').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  t.ok(links.length > 10)
  for (const link of links)
    t.match(link, /^(?:https:|[\w-]+\/|[\w-]+\.md)/, 'relative to the root of the repository')
})

void t.test('what it quotes is what is said', async (t) => {
  const env = { DATABASE_URL: 'postgres://app:pa/ss@db.example.com/todo' }
  const [warning] = resolveDatabaseConfig({ env }).warnings
  const [quote] = codeBlocks(readText('README.md')).filter(({ language }) => language === 'text')
  t.equal(quote!.code, `${warning!.message}\n→ ${warning!.hint}\n`)
  t.match(readText('README.md'), `DATABASE_URL='${env.DATABASE_URL}' npm start`)
})

void t.test('the answer of /database that it shows is one that is given', async (t) => {
  const { state } = JSON.parse(onlyBlock('README.md', 'json')) as { state: Record<string, string> }
  const { message, hint, reason } = problemCatalogue['connection-refused']
  t.equal(state['message'], message.replace('{target}', 'The database'))
  t.equal(state['hint'], hint.replace(' {advice}', ''))
  t.match(state, { status: 'fallback', code: 'connection-refused', reason })
})
