import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { plainNode } from '../plain-node.ts'
import { startPostgres } from '../servers/postgres.ts'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())

// Addons may not be loaded, node:sqlite may where it is there: the stand-in is in memory then.
const program = `
  import { openDatabase } from 'failsoft/knex'
  const [url] = process.argv.slice(1)
  const env = url ? { DATABASE_URL: url } : {}
  const database = openDatabase({ env, strategy: 'always', log: () => {} })
  const { status, problem } = await database.connect()
  console.log(status, problem?.code)
  await database.close()`

const [major = 0] = process.versions.node.split('.').map(Number)
const flag = major < 24 ? '--experimental-permission' : '--permission'

for (const { name, url, want } of [
  { name: 'a server', url: postgres.url, want: /^connected undefined/ },
  {
    name: 'a server that is away',
    url: 'postgres://u:p@127.0.0.1:1/d',
    want: /^(unavailable|fallback) connection-refused/,
  },
  { name: 'a file', url: 'sqlite:app.db', want: /^(unavailable|fallback) [\w-]+/ },
  { name: 'nothing', url: '', want: /^(unavailable|fallback) [\w-]+/ },
])
  t.test(`under Node's permission model connect() settles: ${name}`, async (t) => {
    const net = major >= 25 ? ['--allow-net'] : []
    const args = [flag, '--allow-fs-read=*', ...net, '--input-type=module', '-e', program, url]
    const child = spawn(...plainNode(...args), { stdio: ['ignore', 'pipe', 'pipe'] })
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    t.match(out, want, err)
    t.equal(child.exitCode, 0)
  })
