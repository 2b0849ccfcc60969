import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from 'failsoft/knex'
import { openPool } from 'failsoft/mysql2'
import t from 'tap'
import { startFakeMysql, versionRow } from '../servers/fake-mysql.js'
import { errorPacket, okPacket } from '../servers/mysql-messages.js'

const words = 'You must SET PASSWORD before executing this statement'

// MySQL and MariaDB let an expired password in, and then refuse every statement but SET.
void t.test('a password that expires is noticed by the first statement', async (t) => {
  let hasExpired = false
  const server = await startFakeMysql({
    login: ({ socket, sequence, onPacket }) => {
      socket.write(okPacket(sequence))
      onPacket((body) => {
        if (body[0] === 1) return void socket.end()
        const isSet = /^.set /i.test(body.toString())
        const error = errorPacket(1, { errno: 1820, sqlState: 'HY000', message: words })
        socket.write(isSet ? okPacket(1) : hasExpired ? error : versionRow)
      })
    },
  })
  t.teardown(server.close)
  const options = { url: `mysql://app:s3cret@127.0.0.1:${server.port}/todo?sslmode=disable`, env: {} }
  const withKnex = openDatabase({ ...options, strategy: 'never', log: () => {} })
  const withPool = openPool({ ...options, log: () => {} })
  for (const database of [withKnex, withPool]) {
    t.teardown(() => database.close({ timeoutMs: 0 }))
    t.match(await database.connect(), { status: 'connected' })
  }
  hasExpired = true
  await t.rejects(withKnex.knex.raw('select 1'), { code: 'ER_MUST_CHANGE_PASSWORD' })
  await t.rejects(withPool.pool.query('select 1'))
  for (const database of [withKnex, withPool]) {
    // Long before the next heartbeat.
    for (let turns = 0; turns < 100 && database.state.status === 'connected'; turns++) await sleep(20)
    t.match(database.state, {
      status: 'reconnecting',
      problem: { code: 'access-denied', message: /expired/, cause: { message: words } },
    })
  }
})
