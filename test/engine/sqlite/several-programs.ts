import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import type { SqliteDriver } from '#lib/engine/sqlite/driver-names.js'
import { plainNode } from '../../plain-node.ts'
import { open, temporaryDirectory } from './open.js'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const run = promisify(execFile)

/** Four programs make the same new file at once, and all succeed. */
export async function makeTogether(t: Test, driver: SqliteDriver): Promise<void> {
  const filename = join(temporaryDirectory(t), 'new.db')
  const programs = Array.from({ length: 4 }, () =>
    run(...plainNode(here('making-program.js'), filename, driver)),
  )
  for (const { stdout } of await Promise.all(programs)) t.equal(stdout, 'made')
}

/** Three programs of 16 writers write to one file for so long, and lose nothing. */
export async function writeTogether(t: Test, driver: SqliteDriver, milliseconds: number): Promise<void> {
  const filename = join(temporaryDirectory(t), 'shared.db')
  const knex = open(t, { driver, filename })
  await knex.schema.createTable('rows', (table) => table.string('id').primary())
  const programs = await Promise.all(
    ['a', 'b', 'c'].map((name) => writingProgram(filename, driver, name, milliseconds)),
  )
  for (const [i, { acknowledged, longestMs }] of programs.entries()) {
    t.comment(`program ${i}: ${acknowledged.length} writes, the longest took ${longestMs.toFixed(0)} ms`)
    t.ok(acknowledged.length > 0, 'it got on')
  }
  const found = new Set<string>(await knex('rows').pluck('id'))
  t.same(found, new Set(programs.flatMap(({ acknowledged }) => acknowledged)))
}

async function writingProgram(
  filename: string,
  driver: string,
  name: string,
  milliseconds: number,
): Promise<{ acknowledged: string[]; longestMs: number }> {
  const program = plainNode(here('writing-program.js'), filename, driver, name, String(milliseconds))
  const { stdout } = await run(...program, { maxBuffer: 2 ** 27 })
  return JSON.parse(stdout) as Awaited<ReturnType<typeof writingProgram>>
}
