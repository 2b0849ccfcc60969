import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { refuse, SmallS3 } from '../servers/small-s3.ts'
import {
  CopiedDatabase,
  countRows,
  reopen,
  restoredRows,
  until,
  untilShipped,
  write,
} from './copied-database.ts'

async function start(t: Test): Promise<{ server: SmallS3; env: Record<string, string> }> {
  const server = new SmallS3()
  await server.start()
  t.teardown(() => server.stop())
  const address = `s3://bucket/todo?endpoint=${server.endpoint}`
  return {
    server,
    env: { SQLITE_REPLICA: address, AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' },
  }
}

void t.test(
  'who is closed while another program waits keeps the lease until all rows are shipped',
  async (t) => {
    const { server, env } = await start(t)
    let isBusy = true
    server.fault = ({ method, url = '' }, response) => {
      const isRefused = isBusy && method === 'PUT' && url.includes('/base/')
      if (isRefused) refuse(response, 503, 'SlowDown')
      return isRefused
    }
    const place = new CopiedDatabase()
    const first = place.open({ env: { ...place.env, ...env } })
    await first.connect()
    await write(first, 3)
    const closing = first.close({ timeoutMs: 60_000 })
    const other = place.elsewhere()
    const coming = reopen(other, { env: { ...other.env, ...env } })
    await sleep(5000)
    isBusy = false
    await closing
    await using second = await coming
    t.equal(await countRows(second), 3)
  },
)

void t.test(
  'the next program has the same file, and writes to it before the former one is closed',
  async (t) => {
    const place = new CopiedDatabase()
    const said: string[] = []
    const first = await reopen(place, { log: ({ message }) => said.push(message) })
    await write(first, 3)
    const second = await reopen(place)
    await until(first, (state) => state.status === 'connected' && state.readOnly)
    await write(second, 3)
    await untilShipped(second)
    await first.close()
    t.notMatch(said.join('\n'), /they are in the file alone/, 'its rows are none of the former one')
    await second.close()
    t.equal(await restoredRows(place), 6)
  },
)

void t.test(
  'who lost the lease without knowing takes nothing away that the next one builds on',
  async (t) => {
    const { server, env } = await start(t)
    const place = new CopiedDatabase()
    const more = { env: { ...place.env, ...env } }
    const before = place.open(more)
    await before.connect()
    await before.close()
    const starts = new Set<string>()
    let isOvertaken = false
    server.fault = ({ method, url = '' }, response) => {
      if (method === 'PUT' && url.includes('0000000002') && url.includes('/start-')) starts.add(url)
      const isLate = !isOvertaken && starts.size > 1 && starts.has(url)
      const isRefused = isLate || /0000000002\.beat|\/0000000003-.*\/base\//.test(url)
      if (isRefused && method === 'PUT') refuse(response, 503, 'SlowDown')
      return isRefused && method === 'PUT'
    }
    await using first = await reopen(place, more)
    await first.knex.raw('create table bodies (body blob)')
    for (let count = 0; count < 18; count++)
      await first.knex.raw('insert into bodies values (randomblob(1000000))')
    while (starts.size < 2) await sleep(20)
    const other = place.elsewhere()
    const theirs = { env: { ...other.env, ...env } }
    const second = await reopen(other, theirs)
    await write(second, 3)
    await untilShipped(second)
    isOvertaken = true
    await sleep(2000)
    await second.close()
    other.wipe()
    await using third = await reopen(other, theirs)
    t.equal(await countRows(third), 3)
  },
)
