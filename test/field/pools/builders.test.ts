import t from 'tap'
import { mariadbFamily, postgresFamily } from '../../pg/pool-family.ts'
import { builderCases } from './builder-cases.ts'
import { builders } from './builders.ts'

t.setTimeout(300_000)

for (const [driver, family, other] of [
  ['pg', await postgresFamily(t), await postgresFamily(t)],
  ['mysql2', await mariadbFamily(t), await mariadbFamily(t)],
] as const) {
  if ('skip' in family || 'skip' in other) {
    void t.test(driver, { skip: 'mariadbd is not installed' }, () => {})
    continue
  }
  for (const [name, open] of Object.entries(builders[driver]))
    void t.test(`${name} on a pool of ${driver}`, (t) => builderCases(t, family, other, open))
}
