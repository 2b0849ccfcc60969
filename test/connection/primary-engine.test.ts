import { join } from 'node:path'
import t from 'tap'
import { resolveDatabaseConfig } from 'failsoft'
import { isExchangeable, type PrimaryConfig } from '#lib/connection/primary-engine.js'

const configOf = (url: string): PrimaryConfig =>
  resolveDatabaseConfig({ env: { DATABASE_URL: url } }) as PrimaryConfig

t.test('only a file that holds something, or that cannot be looked at, is not exchanged', async (t) => {
  const directory = t.testdir({ full: 'x', empty: '' })
  const inside = (name: string): string => `sqlite:${join(directory, name)}`
  for (const { url, want } of [
    { url: 'postgres://u:p@h/d', want: true },
    { url: 'sqlite::memory:', want: true },
    { url: inside('absent'), want: true },
    { url: inside('empty'), want: true },
    { url: inside('full'), want: false },
    { url: inside('full/below'), want: true },
    { url: inside('too-long'.repeat(100)), want: false },
  ]) {
    t.equal(isExchangeable(configOf(url)), want, url)
  }
})
