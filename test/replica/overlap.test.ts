import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { refuse, SmallS3 } from '../servers/small-s3.ts'
import { CopiedDatabase, countRows, reopen, write } from './copied-database.ts'

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
