import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { refuse, SmallS3 } from '../servers/small-s3.js'
import { CopiedDatabase } from './copied-database.js'

const descriptors = '/proc/self/fd'

/** How often this process has a file open. */
function timesOpen(filename: string): number {
  const paths = readdirSync(descriptors).map((name) => {
    try {
      return readlinkSync(`${descriptors}/${name}`)
    } catch {
      return ''
    }
  })
  return paths.filter((path) => path === filename).length
}

const skip = !existsSync(descriptors) && 'there is no list of descriptors here'

t.test('a log is not opened once more for each copy that the replica refuses', { skip }, async (t) => {
  const server = new SmallS3()
  await server.start()
  t.teardown(() => server.stop())
  const bases = new Set<string>()
  server.fault = ({ method, url = '' }, response) => {
    const [generation] = /\d{10}-\d{8}-[\da-f]{8}(?=\/base\/)/.exec(url) ?? []
    if (method !== 'PUT' || generation === undefined) return false
    bases.add(generation)
    refuse(response, 403, 'QuotaExceeded')
    return true
  }
  const copied = new CopiedDatabase()
  const replica = `s3://bucket/app?endpoint=${server.endpoint}&region=us-east-1`
  const credentials = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }
  const database = copied.open({ env: { ...copied.env, ...credentials, SQLITE_REPLICA: replica } })
  t.teardown(() => database.close({ timeoutMs: 100 }))
  await database.connect()
  t.equal(database.state.status, 'connected')
  while (bases.size < 1) await sleep(20)
  await sleep(500)
  const before = timesOpen(`${copied.filename}-wal`)
  while (bases.size < 3) await sleep(20)
  await sleep(500)
  t.equal(timesOpen(`${copied.filename}-wal`), before)
})
