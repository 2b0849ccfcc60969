import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import t from 'tap'
import type { SqliteLocation } from 'failsoft'
import type { ConnectionState, LogEvent } from 'failsoft/knex'
import {
  announceChange,
  announceFallback,
  announceStandIn,
  announceTrouble,
} from '#lib/connection/announce.js'
import { DatabaseUnavailableError } from '#lib/connection/database-unavailable-error.js'
import { noteNextAttempt } from '#lib/connection/next-attempt.js'
import { healthOf } from '#lib/connection/health-report.js'
import { durabilityMeanings } from '#lib/resolve/durability.js'
import { fakeTime } from './fake-time.js'

const away = { code: 'connection-refused', message: 'It is away.', hint: 'Start it.' } as const
const info = { dialect: 'postgres', driver: 'pg', target: 'postgres://h/d' } as const
const since = { since: 0, generation: 1 }
const location = { filename: '/data/failsoft.db', durability: 'memory', filesystem: 'memory' } as const
const fallback = {
  ...since,
  status: 'fallback',
  engine: info,
  reason: 'unreachable',
  problem: away,
  location,
  primary: null,
  standIn: { clean: true, tables: 0 },
  readOnly: false,
} as const
const connected = {
  ...since,
  status: 'connected',
  engine: { ...info, hostNumber: 2 },
  readOnly: false,
} as const
const reconnecting = {
  ...since,
  status: 'reconnecting',
  engine: info,
  problem: away,
  attempt: 1,
  nextAttemptAt: 1_000_100,
} as const
const unavailable = {
  ...since,
  status: 'unavailable',
  reason: 'unreachable',
  problem: away,
  attempt: 1,
  nextAttemptAt: null,
} as const
const connecting = { ...since, status: 'connecting', attempt: 1, target: 'postgres://h/d' } as const

const why = 'It is away. Start it.'

/** What each state comes to, for who reads the log, for who asks about health, and for who uses the database. */
const states: readonly {
  state: ConnectionState
  level: LogEvent['level']
  message: string
  health: object
  error: { code: string; message: string; retryAfterMs?: number }
}[] = [
  {
    state: { ...since, status: 'idle' },
    level: 'info',
    message: 'The database went from connected to idle',
    health: { status: 'fail', output: 'idle' },
    error: { code: 'server-starting', message: 'The database was not connected yet.', retryAfterMs: 1000 },
  },
  {
    state: connecting,
    level: 'info',
    message: 'The database went from connected to connecting',
    health: { status: 'fail', output: 'connecting' },
    error: { code: 'server-starting', message: 'The database is still connecting.', retryAfterMs: 1000 },
  },
  {
    state: fallback,
    level: 'info',
    message: `The database went from connected to fallback: ${why}`,
    health: { status: 'warn', output: 'fallback: connection-refused' },
    error: { code: 'connection-refused', message: 'It is away.' },
  },
  {
    state: reconnecting,
    level: 'warn',
    message: `The database went from connected to reconnecting: ${why}`,
    health: { status: 'fail', output: 'reconnecting: connection-refused' },
    error: { code: 'connection-refused', message: 'It is away.', retryAfterMs: 100 },
  },
  {
    state: unavailable,
    level: 'warn',
    message: `The database went from connected to unavailable: ${why}`,
    health: { status: 'fail', output: 'unavailable: connection-refused' },
    error: { code: 'connection-refused', message: 'It is away.' },
  },
  {
    state: { ...unavailable, nextAttemptAt: 999_000 },
    level: 'warn',
    message: `The database went from connected to unavailable: ${why}`,
    health: { status: 'fail', output: 'unavailable: connection-refused' },
    error: { code: 'connection-refused', message: 'It is away.', retryAfterMs: 0 },
  },
  {
    state: { ...since, status: 'closing' },
    level: 'info',
    message: 'The database went from connected to closing',
    health: { status: 'fail', output: 'closing' },
    error: { code: 'closed', message: 'The database was closed by this program.' },
  },
  {
    state: { ...since, status: 'closed' },
    level: 'info',
    message: 'The database went from connected to closed',
    health: { status: 'fail', output: 'closed' },
    error: { code: 'closed', message: 'The database was closed by this program.' },
  },
]

for (const { state, level, message, health, error } of states) {
  t.test(`${state.status}: log, health and error`, async (t) => {
    const time = fakeTime(t)
    noteNextAttempt(state)
    const events: LogEvent[] = []
    const published: unknown[] = []
    const listen = (change: unknown): void => void published.push(change)
    subscribe('failsoft:state', listen)
    t.teardown(() => unsubscribe('failsoft:state', listen))
    const change = { from: 'connected', to: state.status, at: time.now } as const
    announceChange((event) => events.push(event), change, state)
    const details = { ...change, ...(state.problem && { problem: state.problem }) }
    t.same(events, [{ level, event: 'state', message, details }])
    t.same(published, [{ ...change, state }])
    announceChange(undefined, change, state)
    const { checks, ...report } = healthOf(state)
    t.same(report, health)
    t.same(Object.keys(checks), ['database:connection'])
    const { code, message: text, retryAfterMs, state: told } = new DatabaseUnavailableError(state)
    t.equal(told, state)
    t.same({ code, message: text, ...(retryAfterMs !== undefined && { retryAfterMs }) }, error)
  })
}

t.test(
  'health of a connected database names the number of its host, and says when it takes no writes',
  async (t) => {
    const check = { componentType: 'datastore', status: 'pass', time: '1970-01-01T00:00:00.000Z' } as const
    const response = { ...check, observedValue: 3, observedUnit: 'ms' }
    t.same(healthOf(connected, response), {
      status: 'pass',
      checks: {
        'database:connection': [{ ...check, observedValue: 'connected' }],
        'database:host': [{ ...check, observedValue: 2 }],
        'database:responseTime': [response],
      },
    })
    t.match(healthOf({ ...connected, problem: away }), {
      status: 'warn',
      output: 'connected: connection-refused',
    })
    t.match(healthOf({ ...connected, readOnly: true }), { status: 'warn', output: 'read-only' })
  },
)

t.test('the fallback says why, where it is, and how long that lasts', async (t) => {
  const durabilities = Object.entries(durabilityMeanings) as [SqliteLocation['durability'], string][]
  for (const [durability, text] of durabilities) {
    const events: LogEvent[] = []
    announceFallback((event) => events.push(event), { ...fallback, location: { ...location, durability } })
    t.match(events, [{ level: 'warn', event: 'fallback', details: { problem: away } }])
    const place = 'Running on SQLite instead, in /data/failsoft.db.'
    t.equal(events[0]?.message, `It is away. Start it. ${place} ${text}`)
  }
  const said = { ...away, cause: { name: 'error', code: '28000', message: 'no entry' } }
  announceFallback((event) => t.match(event.message, /Start it\. The server said: no entry\. Running/), {
    ...fallback,
    problem: said,
  })
  const warned = once(process, 'warning')
  announceFallback(undefined, fallback)
  t.match(await warned, [{ name: 'FailsoftWarning', code: 'FAILSOFT_FALLBACK', message: /^It is away/ }])
})

t.test(
  'a fallback tells that it returns by itself, that it was written to, and that the database is back',
  (t) => {
    const events: LogEvent[] = []
    const log = (event: LogEvent): void => void events.push(event)
    const watched = { ...fallback, primary: { reachable: false, checkedAt: 0 } }
    const at = (clean: boolean, tables: number, reachable: boolean) => ({
      ...watched,
      standIn: { clean, tables },
      primary: { reachable, checkedAt: 0 },
    })
    const told = (...[before, now]: [ConnectionState, ConnectionState]): readonly unknown[] => {
      events.length = 0
      announceStandIn(log, before, now)
      announceStandIn(undefined, before, now)
      return events.map(({ message }) => message)
    }
    const written =
      /^Something was written to the SQLite fallback: it is not left by itself.*"failsoft promote"/
    const back =
      /^The configured database answers again, and 1 table of the fallback holds rows\. .*returnToPrimary/
    announceFallback(log, at(true, 0, false))
    t.match(events, [
      {
        message: /The program returns by itself when the database answers, while nothing is written here\.$/,
      },
    ])
    t.same(told(connected, at(true, 0, false)), [])
    t.same(told(at(true, 0, false), connected), [])
    t.same(told(at(true, 0, false), at(true, 0, true)), [])
    t.match(told(at(true, 0, false), at(false, 1, false)), [written])
    t.match(told(at(true, 0, false), at(false, 1, true)), [written, back])
    t.match(told(at(false, 1, false), at(false, 1, true)), [back])
    t.same(told(at(false, 1, true), at(false, 2, true)), [])
    t.same(told(fallback, { ...fallback, standIn: { clean: false, tables: 1 } }), [], 'nothing is configured')
    t.end()
  },
)

t.test('trouble is told with its engine and its time', async (t) => {
  const time = fakeTime(t)
  const heard: unknown[] = []
  const listen = (message: unknown): void => void heard.push(message)
  const found = { ...away, kind: 'connection', retryable: true, reason: 'unreachable' } as const
  announceTrouble(found, info)
  subscribe('failsoft:trouble', listen)
  t.teardown(() => unsubscribe('failsoft:trouble', listen))
  announceTrouble(found, info)
  t.same(heard, [{ problem: found, engine: info, at: time.now }])
})
