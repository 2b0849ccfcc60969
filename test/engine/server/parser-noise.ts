import type { Socket } from 'node:net'
import type { Problem } from 'failsoft'
import type { Test } from 'tap'
import { serve as serveMysql, startFakeMysql, versionRow } from '../../servers/fake-mysql.js'
import { serve as servePostgres, startFakePostgres, statusRow } from '../../servers/fake-postgres.js'
import type { FaultServer } from '../../servers/fault-server.js'
import { authSwitch, errorPacket, greeting, okPacket, packet } from '../../servers/mysql-messages.js'
import { noise, seeded } from '../../servers/noise.js'
import { authentication, errorResponse, message, welcome } from '../../servers/postgres-messages.js'
import { openEngine } from './open-engine.js'

/** When a server says what it should not. */
const moments = ['at first', 'after the login', 'in answer to a statement', 'while nobody asks'] as const
type Moment = (typeof moments)[number]

interface Subject {
  readonly scheme: string
  readonly good: readonly Buffer[]
  readonly kinds: readonly Buffer[]
  readonly start: (moment: Moment, words: Buffer) => Promise<FaultServer>
}

/** Half of them leave the connection open. */
function say(socket: Socket, words: Buffer): void {
  if (words.length % 2 === 0) socket.end(words)
  else socket.write(words)
}

const length = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const letters = Array.from({ length: 96 }, (_, index) => String.fromCharCode(32 + index))
const postgres: Subject = {
  scheme: 'postgres',
  good: [
    welcome,
    statusRow,
    errorResponse({ code: '42601', message: 'no', severity: 'ERROR' }),
    authentication(3),
    authentication(10, 'SCRAM-SHA-256', '\0'),
  ],
  kinds: [
    ...letters.flatMap((letter) => [message(letter), message(letter, Buffer.from([0, 0]))]),
    ...letters.flatMap((letter) =>
      [0, 1, 3].map((size) => Buffer.concat([Buffer.from(letter), length(size)])),
    ),
    ...Array.from({ length: 16 }, (_, method) => authentication(method)),
    ...Array.from({ length: 16 }, (_, method) => authentication(method, Buffer.from('x\0y\0\0'))),
    Buffer.concat([Buffer.from('R'), length(-1), Buffer.from('xxxx')]),
    Buffer.concat([welcome, welcome]),
    Buffer.concat([statusRow, statusRow, welcome]),
  ],
  start: (moment, words) =>
    startFakePostgres({
      login: (login) => {
        const { socket, onMessage } = login
        if (moment === 'at first') return say(socket, words)
        if (moment === 'after the login') return say(socket, Buffer.concat([welcome, words]))
        servePostgres()(login)
        let asked = 0
        onMessage((letter) => {
          if (letter !== 'Q') return
          if (moment === 'in answer to a statement' && asked++ > 0) say(socket, words)
          else
            socket.write(
              statusRow,
              () => moment === 'while nobody asks' && setImmediate(() => say(socket, words)),
            )
        })
      },
    }),
}

const mysql: Subject = {
  scheme: 'mysql',
  good: [
    versionRow,
    greeting(),
    okPacket(1),
    okPacket(2),
    errorPacket(1, { errno: 1064, sqlState: '42000', message: 'no' }),
    authSwitch(2, 'caching_sha2_password'),
    authSwitch(2, 'mysql_clear_password'),
  ],
  kinds: [
    ...Array.from({ length: 256 }, (_, first) => packet(first % 3, Buffer.from([first]))),
    ...Array.from({ length: 256 }, (_, first) =>
      packet(1 + (first % 2), Buffer.from([first, 0, 0, 0, 0, 1, 255, 255])),
    ),
    ...[0, 1, 2, 3].map((sequence) => packet(sequence)),
    ...['', 'caching_sha2_password', 'sha256_password', 'client_ed25519', 'x'.repeat(300)].map((plugin) =>
      authSwitch(2, plugin),
    ),
    Buffer.concat([versionRow, versionRow]),
  ],
  start: (moment, words) =>
    startFakeMysql({
      ...(moment === 'at first' &&
        words.length % 3 === 0 && { insteadOfGreeting: (socket: Socket) => say(socket, words) }),
      login: (login) => {
        const { socket, sequence, onPacket } = login
        if (moment === 'at first') return say(socket, words)
        if (moment === 'after the login') return say(socket, Buffer.concat([okPacket(sequence), words]))
        serveMysql()(login)
        let asked = 0
        onPacket(() => {
          if (moment === 'in answer to a statement' && asked++ > 0) say(socket, words)
          else
            socket.write(
              versionRow,
              () => moment === 'while nobody asks' && setImmediate(() => say(socket, words)),
            )
        })
      },
    }),
}

/** What a driver is told that it cannot read ends as an error of that connection: this process, and the promise, come to an end. */
export async function tryNoise(t: Test, seed: number, count: number): Promise<void> {
  for (const subject of [postgres, mysql]) {
    for (const moment of moments) {
      await t.test(`${subject.scheme}: ${moment}, seed ${seed}`, async (t) => {
        const words = noise(subject.good, subject.kinds, seeded(seed))
        const uncaught: unknown[] = []
        const keep = (error: unknown): void => void uncaught.push(error)
        process.on('uncaughtException', keep).on('unhandledRejection', keep)
        for (let done = 0; done < count;) {
          const batch = Array.from({ length: Math.min(60, count - done) }, () => words.next().value as Buffer)
          await Promise.all(batch.map((each) => tryWords(t, subject, moment, each)))
          done += batch.length
        }
        await new Promise((resolve) => setTimeout(resolve, 20))
        process.off('uncaughtException', keep).off('unhandledRejection', keep)
        t.same(uncaught, [], 'nothing ends the process')
      })
    }
  }
}

async function tryWords(t: Test, { scheme, start }: Subject, moment: Moment, words: Buffer): Promise<void> {
  const server = await start(moment, words)
  const engine = openEngine(t, `${scheme}://app:s3cret@127.0.0.1:${server.port}/todo?sslmode=disable`, {
    connectTimeoutMs: 150,
    pool: { max: 1, acquireTimeoutMs: 300 },
  })
  const answers = [
    engine.probe({ timeoutMs: 250 }),
    engine.knex.raw('select 1').timeout(250),
    engine.knex.raw('select 1').timeout(250),
  ]
  const [probe] = await Promise.all(answers.map((answer) => answer.catch((error: unknown) => error)))
  const { problem } = probe as { problem?: Problem }
  for (const code of ['query-failed', 'unknown-error'])
    if (problem?.code === code) t.fail(`${code}: ${words.toString('hex')} ${problem.cause?.message}`)
  await engine.close()
  await server.close()
}
