import t from 'tap'
import { sqliteProfile, type ProfileOptions } from '#lib/engine/sqlite/profile.js'

const fallback: ProfileOptions = { role: 'fallback', filesystem: 'local' }
const threads = { synchronous: false, busyTimeoutMs: 5000 }
const blocking = { synchronous: true, busyTimeoutMs: 20 }

function pragmas(
  params: Record<string, string>,
  driver = threads,
  options = fallback,
): Record<string, unknown> {
  const made = sqliteProfile({ filename: '/data/x.db', params }, options, driver)
  return made.ok ? Object.fromEntries(made.profile.pragmas) : { problem: made.problem }
}

const good = [
  { name: 'journal_mode', input: { journal_mode: 'DELETE' }, want: { journal_mode: 'delete' } },
  { name: 'synchronous by name', input: { synchronous: 'Off' }, want: { synchronous: 0 } },
  { name: 'synchronous by number', input: { synchronous: '3' }, want: { synchronous: 3 } },
  { name: 'busy_timeout', input: { busy_timeout: '250' }, want: { busy_timeout: 250 } },
  { name: 'foreign_keys', input: { foreign_keys: 'off' }, want: { foreign_keys: 0 } },
  { name: 'journal_size_limit', input: { journal_size_limit: '1024' }, want: { journal_size_limit: 1024 } },
  {
    name: 'what is not in the list changes nothing',
    input: { page_size: '1' },
    want: { page_size: undefined },
  },
]

void t.test('parameters set what they name', async (t) => {
  for (const { name, input, want } of good) t.match(pragmas(input), want, name)
})

const bad = [
  { name: 'a journal that cannot roll back', input: { journal_mode: 'off' } },
  { name: 'a journal that a crash loses', input: { journal_mode: 'memory' } },
  { name: 'a level that there is none of', input: { synchronous: '4' } },
  { name: 'a wait without a number', input: { busy_timeout: '5s' } },
  { name: 'a negative wait', input: { busy_timeout: '-1' } },
  { name: 'a mode that there is none of', input: { mode: 'rx' } },
  { name: 'more than the value', input: { synchronous: 'full; drop table t' } },
  { name: 'a name that every object has', input: { synchronous: 'constructor' } },
  { name: 'the same of a switch', input: { foreign_keys: 'constructor' } },
]

void t.test('values that cannot be used are refused', async (t) => {
  for (const { name, input } of bad) {
    const [parameter] = Object.keys(input)
    const want = { code: 'invalid-parameter', message: new RegExp(`"${parameter}"`) }
    t.match(pragmas(input).problem, want, name)
  }
})

void t.test('a driver that blocks waits outside SQLite', async (t) => {
  const made = sqliteProfile({ filename: '/data/x.db', params: { busy_timeout: '700' } }, fallback, blocking)
  if (!made.ok) throw new Error(made.problem.message)
  t.equal(made.profile.waitMs, 700)
  t.equal(Object.fromEntries(made.profile.pragmas).busy_timeout, 20)
})

void t.test('one connection', async (t) => {
  const cases = [
    { name: 'a local file', params: {}, filesystem: 'local', want: false },
    { name: 'a network file', params: {}, filesystem: 'network', want: true },
    { name: 'no WAL', params: { journal_mode: 'truncate' }, filesystem: 'local', want: true },
    { name: 'mode=memory', params: { mode: 'memory' }, filesystem: 'local', want: true },
  ] as const
  for (const { name, params, filesystem, want } of cases) {
    const made = sqliteProfile({ filename: '/data/x.db', params }, { role: 'primary', filesystem }, threads)
    t.equal(made.ok && made.profile.oneConnection, want, name)
  }
})
