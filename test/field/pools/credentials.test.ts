import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from 'failsoft'
import { openDatabase, type LogEvent } from 'failsoft/knex'
import type { PoolOptions } from 'failsoft/pg'
import t, { type Test } from 'tap'
import { mariadbFamily, postgresFamily, type PoolFamily } from '../../pg/pool-family.ts'
import { rotatingHosts } from '../../pg/rotating-hosts.ts'

t.setTimeout(300_000)

/** What takes the login, whatever face it has. */
interface Face {
  readonly state: {
    readonly status: string
    readonly problem?: Problem
    readonly engine?: { readonly hostNumber?: number }
  }
  ask(sql: string): Promise<unknown>
  close(): Promise<void>
}

const faces: Readonly<Record<string, (family: PoolFamily, options: PoolOptions) => Face>> = {
  knex(_, options) {
    const database = openDatabase({ ...options, strategy: 'never' })
    return {
      get state() {
        return database.state
      },
      ask: async (sql) => (await database.ready()).raw(sql),
      close: () => database.close({ timeoutMs: 500 }),
    }
  },
  'the pool'(family, options) {
    const database = family.open(options)
    return {
      get state() {
        return database.state
      },
      ask: (sql) => family.run(database.pool, sql),
      close: () => database.close({ timeoutMs: 500 }),
    }
  },
}

/** Eight ask without a pause; nothing but a connection that is cut may disturb them. */
function startAsking(face: Face): { said: Set<string>; next(): Promise<void>; stop(): Promise<unknown> } {
  const said = new Set<string>()
  const served = Array.from({ length: 8 }, () => 0)
  const ending = new AbortController()
  const asking = served.map(async (_, index) => {
    while (!ending.signal.aborted) {
      await face.ask('select 1').then(
        () => served[index]!++,
        (error: Error & { code?: unknown }) => said.add(`${String(error.code)}: ${error.message}`),
      )
      await sleep(5)
    }
  })
  return {
    said,
    async next() {
      const before = [...served]
      while (served.some((count, index) => count < before[index]! + 2)) await sleep(5)
    },
    async stop() {
      ending.abort()
      return await Promise.all(asking)
    },
  }
}

/** By itself, or of one of the hosts. No host fits either where one is away, and the other cuts a connection that is being made. */
const refused = /auth-failed|access-denied|user-missing/

async function rotationCases(
  t: Test,
  first: PoolFamily,
  second: PoolFamily,
  faceName: string,
): Promise<void> {
  const hosts = await rotatingHosts(t, [first, second], `rotating_${faceName.length}`)
  const events: LogEvent[] = []
  const { credentials } = hosts
  const log = (event: LogEvent): void => void events.push(event)
  const face = faces[faceName]!(first, { url: hosts.url(), credentials, log, pool: { max: 4 } })
  const load = startAsking(face)
  await Promise.all([sleep(1000), load.next()])
  /** Each second another password, and no connection that knows the one before. */
  const rotate = async (seconds: number, families?: readonly PoolFamily[]): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      await hosts.rotate(families)
      await Promise.all([sleep(1000), load.next()])
    }
  }
  await rotate(4)
  t.equal(face.state.engine?.hostNumber, 1)
  await first.stop()
  await rotate(4, [second])
  t.equal(face.state.engine?.hostNumber, 2, 'the other one has taken over')
  await first.start()
  await second.stop()
  await rotate(4, [first])
  t.equal(face.state.engine?.hostNumber, 1, 'and back')
  await second.start()
  t.comment([...load.said].join('\n'))
  t.same(
    [...load.said].filter((each) => refused.test(each)),
    [],
    'no login was refused',
  )

  const before = hosts.asked.length
  await hosts.rotate([first, second], { isTold: false })
  while (face.state.problem?.code !== 'auth-failed') await sleep(10)
  const refusedAt = performance.now()
  hosts.tell()
  await load.next()
  const tookMs = performance.now() - refusedAt
  t.ok(tookMs < 15_000 + 10_000, `a login is asked for again after 15 s: ${Math.round(tookMs)} ms`)
  t.comment(`${hosts.asked.length - before} asked in ${Math.round(tookMs)} ms`)
  await load.stop()
  await face.close()
  t.equal(new Set(hosts.asked).size, 2)
  t.notMatch(JSON.stringify(events), hosts.secrets)
}

for (const make of [postgresFamily, mariadbFamily]) {
  const [first, second] = [await make(t), await make(t)]
  if ('skip' in first || 'skip' in second) {
    void t.test(make.name, { skip: 'mariadbd is not installed' }, () => {})
    continue
  }
  for (const face of Object.keys(faces))
    void t.test(`${first.name}, ${face}: a password a second, over two hosts that live`, (t) =>
      rotationCases(t, first, second, face),
    )
}
