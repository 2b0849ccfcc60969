import { writeFile, readdir } from 'node:fs/promises'
import { openDatabase } from 'failsoft/knex'
import { migrate, rollBack } from './migrate.ts'
import { listOf, template } from './template.ts'

/** `npm run migrate`, `migrate:rollback` and `migrate:make NAME`. */
const [command = '', name = ''] = process.argv.slice(2)
const commands: Readonly<Record<string, () => Promise<string>>> = {
  up: async () => onDatabase(migrate, 'Migrated'),
  down: async () => onDatabase(rollBack, 'Rolled back'),
  make: async () => make(name),
}
const run =
  commands[command] ?? (async () => Promise.reject(new Error('usage: command.js up | down | make NAME')))
try {
  process.stdout.write(`${await run()}\n`)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}

/** Falls back only where nothing is configured: whoever names a database means that one to be changed. */
async function onDatabase(work: typeof migrate, verb: string): Promise<string> {
  const database = openDatabase({ strategy: 'unconfigured' })
  try {
    const knex = await database.ready()
    const names = await work(knex)
    const where = 'engine' in database.state ? database.state.engine.target : 'the database'
    return names.length > 0 ? `${verb} on ${where}: ${names.join(', ')}` : `Nothing to do on ${where}.`
  } finally {
    await database.close()
  }
}

async function make(words: string): Promise<string> {
  const slug = words
    .toLowerCase()
    .match(/[a-z0-9]+/g)
    ?.join('-')
  if (!slug) throw new Error('usage: npm run migrate:make -- NAME')
  const folder = new URL('../../src/migrations/', import.meta.url)
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const file = `${stamp}-${slug}.ts`
  await writeFile(new URL(file, folder), template, { flag: 'wx' })
  const files = await readdir(folder)
  await writeFile(new URL('list.ts', folder), listOf(files))
  return `Made example-app/src/migrations/${file} and added it to list.ts.`
}
