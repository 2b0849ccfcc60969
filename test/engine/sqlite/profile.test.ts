import { validateUrl } from 'failsoft'
import { createEngine } from 'failsoft/knex'
import t from 'tap'
import { sqliteProfile, type ProfileOptions, type SqliteProfile } from '#lib/engine/sqlite/profile.js'
import { readSettings } from '#lib/url/settings.js'

const fallback: ProfileOptions = { role: 'fallback', filesystem: 'local' }
const threads = { synchronous: false }
const blocking = { synchronous: true }

function profileOf(params: Record<string, string>, options = fallback, driver = threads): SqliteProfile {
  const read = readSettings({ dialect: 'sqlite', filename: '/data/x.db', params })
  if (!read.ok) throw new Error(read.invalid[0].parameter)
  return sqliteProfile('/data/x.db', read.settings, options, driver)
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
  for (const { name, input, want } of good) t.match(Object.fromEntries(profileOf(input).pragmas), want, name)
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

void t.test('values that cannot be used are refused, by the URL already', async (t) => {
  for (const { name, input } of bad) {
    const [[parameter, value]] = Object.entries(input) as [[string, string]]
    const want = { code: 'invalid-parameter', message: new RegExp(`"${parameter}"`) }
    t.match(
      validateUrl(`sqlite:x.db?${parameter}=${encodeURIComponent(value)}`),
      { valid: false, problems: [want] },
      name,
    )
    t.match(
      createEngine({ dialect: 'sqlite', filename: '/data/x.db', params: input }),
      { ok: false, problem: want },
      name,
    )
  }
})

void t.test('a driver that blocks waits outside SQLite', async (t) => {
  const profile = profileOf({ busy_timeout: '700' }, fallback, blocking)
  t.equal(profile.waitMs, 700)
  t.equal(Object.fromEntries(profile.pragmas)['busy_timeout'], 20)
})

void t.test('one connection', async (t) => {
  const cases = [
    { name: 'a local file', params: {}, filesystem: 'local', want: false },
    { name: 'a network file', params: {}, filesystem: 'network', want: true },
    { name: 'no WAL', params: { journal_mode: 'truncate' }, filesystem: 'local', want: true },
    { name: 'mode=memory', params: { mode: 'memory' }, filesystem: 'local', want: true },
  ] as const
  for (const { name, params, filesystem, want } of cases) {
    t.equal(profileOf(params, { role: 'primary', filesystem }).oneConnection, want, name)
  }
})
