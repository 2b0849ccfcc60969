import { openReplicaTarget } from '#lib/replica/open-replica-target.js'
import { takeLease } from '#lib/replica/take-lease.js'
import t from 'tap'
import { refuse, SmallS3 } from '../servers/small-s3.ts'
import { CopiedDatabase, until, untilShipped, write } from './copied-database.ts'

void t.test(
  'rows that were written while another program took the lease are told of at the end',
  async (t) => {
    const server = new SmallS3()
    await server.start()
    t.teardown(() => server.stop())
    const url = `s3://bucket/todo?endpoint=${server.endpoint}`
    const place = new CopiedDatabase()
    const env = {
      ...place.env,
      SQLITE_REPLICA: url,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
    }
    const said: string[] = []
    const database = place.open({ env, log: ({ message }) => said.push(message) })
    await database.connect()
    await untilShipped(database)
    let isSilent = true
    server.fault = ({ method, url = '' }, response) => {
      const isRefused =
        method === 'PUT' && (url.includes('/segments/') || (isSilent && url.endsWith('1.beat')))
      if (isRefused) refuse(response, 503, 'SlowDown')
      return isRefused
    }
    await write(database, 3)
    const opened = await openReplicaTarget(url, env)
    if (!opened.ok) throw new Error(opened.problem.message)
    const taken = await takeLease(opened.target, { handOver: async () => {}, lost: () => {} })
    if (!taken.ok) throw new Error(taken.problem.message)
    isSilent = false
    await until(database, (state) => state.status === 'connected' && state.readOnly)
    await database.close()
    await taken.lease.release()
    t.match(said.join('\n'), /they are in the file alone/)
  },
)
