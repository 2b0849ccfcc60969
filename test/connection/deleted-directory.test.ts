import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { plainNode } from '../plain-node.ts'
import { startPostgres } from '../servers/postgres.js'
import { startProxy } from '../servers/proxy.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const library = new URL('../../dist/knex.js', import.meta.url).href

/** A program whose working directory was deleted, as by a deployment, before it asked for it. It says how it fares until it is connected. */
const program = `
  const [url, filename, gone] = process.argv.slice(1)
  process.chdir(gone)
  require('node:fs').rmdirSync(gone)
  import(${JSON.stringify(library)}).then(async ({ openDatabase }) => {
    const env = { DATABASE_URL: url }
    const prepare = async (knex) => void (await knex.raw('select 1'))
    const database = openDatabase({ env, strategy: 'always', sqlite: { filename }, log: () => {}, prepare })
    console.log((await database.connect()).status)
    while (database.state.status === 'fallback') await new Promise((resolve) => setTimeout(resolve, 50))
    console.log(database.state.status, database.state.problem?.code)
    await database.close()
  })`

function start(t: Test, url: string): { readonly said: Promise<string>; readonly began: Promise<unknown> } {
  const directory = t.testdir({ gone: {} })
  const args = ['--eval', program, url, join(directory, 'fallback.db'), join(directory, 'gone')]
  const child = spawn(...plainNode(...args), { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { began: once(child.stdout, 'data'), said: output.then(([out, err]) => out + err) }
}

t.test('a server that is there is connected to', async (t) => {
  t.equal(await start(t, postgres.url).said, 'connected\nconnected undefined\n')
})

t.test('a file with an absolute path is opened', async (t) => {
  const { said } = start(t, `sqlite:${join(t.testdir(), 'app.db')}`)
  t.equal(await said, 'connected\nconnected undefined\n')
})

t.test('the program returns to its server by itself', async (t) => {
  const proxy = await startProxy(postgres.port)
  t.teardown(() => proxy.close())
  proxy.refuse(true)
  const { said, began } = start(t, postgres.url.replace(String(postgres.port), String(proxy.port)))
  await began
  proxy.refuse(false)
  t.equal(await said, 'fallback\nconnected undefined\n')
})
