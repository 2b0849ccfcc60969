import { openDatabase, type ConnectionState } from 'failsoft/knex'
import { makeMigration } from './make-migration.ts'
import { migrate, rollBack } from './migrate.ts'

/** `npm run migrate`, `migrate:rollback` and `migrate:make NAME`. */
const [command = '', ...words] = process.argv.slice(2)
const commands: Readonly<Record<string, () => Promise<string>>> = {
  up: async () => onDatabase(migrate, 'Migrated'),
  down: async () => onDatabase(rollBack, 'Rolled back'),
  make: async () => makeMigration(words.join(' '), new URL('../../src/migrations/', import.meta.url)),
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
  const database = openDatabase({ strategy: 'unconfigured', log: () => {} })
  try {
    const names = await work(await database.ready())
    // There is one: ready() has answered.
    const { target } = (database.state as Extract<ConnectionState, { status: 'connected' }>).engine
    return names.length > 0 ? `${verb} on ${target}: ${names.join(', ')}` : `Nothing to do on ${target}.`
  } finally {
    await database.close()
  }
}
