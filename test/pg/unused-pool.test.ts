import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { openPool as openMysql } from 'failsoft/mysql2'
import { openPool as openPg } from 'failsoft/pg'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const many = 10
const families = [
  { name: 'pg', open: () => openPg({ url: 'postgres://app@127.0.0.1:1/shop' }) },
  { name: 'mysql2', open: () => openMysql({ url: 'mysql://app@127.0.0.1:1/shop' }) },
]

for (const { name, open } of families)
  void t.test(`${name}: a pool that nobody used, or that was closed, goes from memory`, async (t) => {
    const left = new Set(Array.from({ length: 2 * many }, (_, id) => id))
    const registry = new FinalizationRegistry<number>((id) => left.delete(id))
    for (let made = 0; made < many; made++) {
      registry.register(open().pool, made)
      const closed = open()
      await closed.close()
      registry.register(closed.pool, many + made)
    }
    for (let round = 0; round < 20 && left.size > 2; round++) {
      collect()
      await sleep(10)
    }
    t.ok(left.size <= 2, `${left.size} are left: the engine may hold on to the last`)
  })
