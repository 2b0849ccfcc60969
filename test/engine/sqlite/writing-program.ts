// A program that writes to a file at the same time as others: node writing-program.js FILE DRIVER NAME MILLISECONDS

import { openSqlite } from '#lib/engine/sqlite/open-sqlite.js'
import type { SqliteDriver } from '#lib/engine/sqlite/driver-names.js'

const [filename = '', driver, name, milliseconds] = process.argv.slice(2)
const opened = openSqlite(
  { filename, params: {} },
  { role: 'primary', filesystem: 'local', driver: driver as SqliteDriver },
)
if (!opened.ok) throw new Error(opened.problem.message)
const { knex } = opened

const acknowledged: string[] = []
let longestMs = 0
const until = performance.now() + Number(milliseconds)

async function writeRows(writer: number): Promise<void> {
  for (let turn = 0; performance.now() < until; turn++) {
    const started = performance.now()
    const id = `${name}-${writer}-${turn}`
    if (turn % 2) await knex('rows').insert({ id })
    else
      await knex.transaction(async (trx) => {
        await trx('rows').count()
        await trx('rows').insert({ id })
      })
    acknowledged.push(id)
    longestMs = Math.max(longestMs, performance.now() - started)
  }
}

await Promise.all(Array.from({ length: 16 }, (_, writer) => writeRows(writer)))
await knex.destroy()
process.stdout.write(JSON.stringify({ acknowledged, longestMs }))
