import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { resolveDatabaseConfig, type FallbackStrategy } from 'failsoft'
import { attempt, type AttemptPlan } from '#lib/connection/attempt.js'
import type { FallbackEngine } from '#lib/connection/fallback-engine.js'
import type { ManagedEngine } from '#lib/engine/managed-engine.js'
import type { Problem } from '#lib/problem/problem.js'
import { fakeTime } from './fake-time.js'
import { bad, good, info, type Answer } from './scripted-engine.js'

const found = (code: Problem['code']): Problem => ({ code, message: '', hint: '' })
const failing = (code: Problem['code']): Answer => ({ ok: false, latencyMs: 1, problem: found(code) })
const location = { filename: ':memory:', durability: 'memory', filesystem: 'memory' } as const
const trace = [{ subject: ':memory:', outcome: 'refused', why: 'it is a test' }] as const

interface Case {
  readonly strategy?: FallbackStrategy
  readonly env?: Record<string, string>
  /** How the primary answers, again and again, or why it cannot be opened. */
  readonly primary?: Answer | Problem
  /** Why there is no fallback. */
  readonly noFallback?: Problem
  /** The engine that cannot be prepared. */
  readonly unprepared?: string
  readonly deadline?: number
}

/** An attempt with engines that only tell what is done with them. */
function planOf(options: Case): AttemptPlan & { readonly done: string[]; readonly timeouts: unknown[] } {
  const { strategy = 'never', env = { DATABASE_URL: 'postgres://u:p@h/d' }, primary = good } = options
  const done: string[] = []
  const timeouts: unknown[] = []
  const engine = (name: string, answer: Answer): ManagedEngine => {
    const probe = async ({ timeoutMs, write }: { timeoutMs: number; write: boolean }): Promise<Answer> => {
      timeouts.push(write && timeoutMs)
      return answer
    }
    const close = async (): Promise<void> => void done.push(`close ${name}`)
    return { info, knex: name, probe, close } as unknown as ManagedEngine
  }
  return {
    done,
    timeouts,
    config: resolveDatabaseConfig({ env, strategy }),
    openPrimary: async () =>
      'code' in primary ? { ok: false, problem: primary } : { ok: true, engine: engine('primary', primary) },
    openFallback: async (): Promise<FallbackEngine> =>
      options.noFallback
        ? { ok: false, problem: options.noFallback, trace }
        : { ok: true, engine: engine('fallback', good), location, trace },
    prepare: async (knex: Knex) => {
      done.push(`prepare ${String(knex)}`)
      if (String(knex) === options.unprepared) throw new Error('no')
    },
    deadline: options.deadline ?? performance.now() + 60_000,
    onRetry: ({ code }) => done.push(`retry ${code}`),
  }
}

const readOnly = { ...good, readOnly: true }
const always = 'always'
const cases: readonly (Case & { name: string; want: object; done: readonly string[] })[] = [
  { name: 'it answers', want: { status: 'connected', readOnly: false }, done: ['prepare primary'] },
  {
    name: 'it takes no writes',
    strategy: always,
    primary: readOnly,
    want: { status: 'connected', readOnly: true },
    done: ['prepare primary'],
  },
  {
    name: 'it takes no writes, and may be exchanged for that',
    strategy: { 'read-only': 'fallback' },
    primary: readOnly,
    want: { status: 'fallback', reason: 'read-only', problem: { code: 'read-only' }, primary: Object, trace },
    done: ['prepare fallback'],
  },
  {
    name: 'it is away',
    primary: bad,
    want: { status: 'unavailable', reason: 'unreachable', retryable: true, trace: [] },
    done: ['close primary'],
  },
  {
    name: 'it is away, and may be exchanged',
    strategy: always,
    primary: bad,
    want: { status: 'fallback', reason: 'unreachable', primary: Object, location, trace },
    done: ['prepare fallback'],
  },
  {
    name: 'neither is there',
    strategy: always,
    primary: bad,
    noFallback: found('sqlite-busy'),
    want: { status: 'unavailable', problem: { code: 'sqlite-busy' }, retryable: true, trace },
    done: ['close primary'],
  },
  {
    name: 'neither can be there',
    strategy: always,
    primary: bad,
    noFallback: found('driver-missing'),
    want: { status: 'unavailable', problem: { code: 'driver-missing' }, retryable: false, trace },
    done: ['close primary'],
  },
  {
    name: 'it cannot be prepared',
    strategy: always,
    unprepared: 'primary',
    want: { status: 'unavailable', problem: { code: 'migration-failed' }, retryable: true, trace: [] },
    done: ['prepare primary', 'close primary'],
  },
  {
    name: 'the fallback cannot be prepared',
    strategy: always,
    primary: bad,
    unprepared: 'fallback',
    want: { status: 'unavailable', problem: { code: 'migration-failed' }, retryable: true, trace },
    done: ['prepare fallback', 'close fallback', 'close primary'],
  },
  {
    name: 'its driver is missing',
    primary: found('driver-missing'),
    want: { status: 'unavailable', reason: 'driver', retryable: false },
    done: [],
  },
  {
    name: 'its driver is missing, and it may be exchanged',
    strategy: always,
    primary: found('driver-missing'),
    want: { status: 'fallback', reason: 'driver', primary: undefined },
    done: ['prepare fallback'],
  },
  {
    name: 'its password is wrong',
    primary: failing('auth-failed'),
    want: { status: 'unavailable', reason: 'auth', retryable: false },
    done: ['close primary'],
  },
  {
    name: 'its password comes in a variable of its own, and may come from a file',
    env: { PGHOST: 'h', PGUSER: 'u', PGPASSWORD: 'p', PGDATABASE: 'd' },
    primary: failing('auth-failed'),
    want: { status: 'unavailable', reason: 'auth', retryable: true },
    done: ['close primary'],
  },
  {
    name: 'nothing is configured',
    env: {},
    want: { status: 'unavailable', reason: 'missing', retryable: false },
    done: [],
  },
  {
    name: 'nothing is configured, and SQLite may stand in',
    strategy: always,
    env: {},
    want: { status: 'fallback', reason: 'missing', primary: undefined },
    done: ['prepare fallback'],
  },
]

for (const { name, want, done, ...options } of cases) {
  t.test(name, async (t) => {
    const plan = planOf(options)
    t.match(await attempt(plan), want)
    t.same(plan.done, done)
  })
}

async function timeoutsOf(t: Test, leftMs: number, code: Problem['code']): Promise<readonly unknown[]> {
  const time = fakeTime(t)
  const plan = planOf({ primary: failing(code), deadline: time.now + leftMs })
  const attempting = attempt(plan)
  await time.pass(60_000)
  t.match(await attempting, { status: 'unavailable', problem: { code } })
  const retries = plan.timeouts.slice(1).map(() => `retry ${code}`)
  t.same(plan.done, [...retries, 'close primary'], 'each is told')
  return plan.timeouts
}

for (const code of ['server-starting', 'too-many-connections', 'server-shutting-down'] as const) {
  t.test(`${code} passes: it is asked at growing times, and not after the deadline`, async (t) => {
    t.same(await timeoutsOf(t, 5000, code), [5000, 4900, 4700, 4300, 3500, 2500, 1500, 500])
  })
}

t.test('what does not pass decides at once', async (t) => {
  t.same(await timeoutsOf(t, 5000, 'connection-refused'), [5000])
})

t.test('a probe has a moment even where none is left, and a wait may end with the deadline', async (t) => {
  t.same(await timeoutsOf(t, -100, 'server-starting'), [1])
  t.same(await timeoutsOf(t, 100, 'server-starting'), [100, 1])
})
