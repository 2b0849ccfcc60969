import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import makeKnex from 'knex'
import { openPlaces } from '../../connection/drop-in-places.js'
import { newProject, root, type Project, type Run } from '../../package/project.js'

const knexfile = `
import { resolveDatabaseConfig } from 'failsoft'
import { knexConfig } from 'failsoft/knex'
const knex = { migrations: { directory: './moves', extension: 'mjs', loadExtensions: ['.mjs'] }, seeds: { directory: './seeds' } }
const sqliteDriver = process.env.SQLITE_DRIVER ?? 'auto'
export default knexConfig(resolveDatabaseConfig(), { knex, sqliteDriver })
`
const migration = `
export const up = (knex) => knex.schema.createTable('words', (table) => void table.string('word'))
export const down = (knex) => knex.schema.dropTable('words')
`
const seed = `export const seed = (knex) => knex('words').insert({ word: 'first' })`

/** A project with these two packages and no more than a knexfile of its own. */
function newCliProject(): {
  readonly project: Project
  cli(url: string, driver: string, ...args: string[]): Promise<Run>
} {
  const project = newProject()
  mkdirSync(join(project.folder, 'node_modules'))
  symlinkSync(root, join(project.folder, 'node_modules/failsoft'))
  symlinkSync(join(root, 'node_modules/knex'), join(project.folder, 'node_modules/knex'))
  project.write('knexfile.mjs', knexfile)
  return {
    project,
    cli: (DATABASE_URL, SQLITE_DRIVER, ...args) =>
      project.node(['node_modules/knex/bin/cli.js', '--knexfile', 'knexfile.mjs', ...args], {
        DATABASE_URL,
        SQLITE_DRIVER,
      }),
  }
}

for (const { name, kind, url, config, options } of await openPlaces(t)) {
  void t.test(`knex's command line with knexConfig() on ${name}`, async (t) => {
    const { project, cli } = newCliProject()
    t.teardown(project.remove)
    const run = (...args: string[]): Promise<Run> => cli(url, options.sqliteDriver ?? 'auto', ...args)

    t.match(await run('migrate:make', 'words'), { code: 0, out: /Created Migration/ })
    const [file = ''] = readdirSync(join(project.folder, 'moves'))
    writeFileSync(join(project.folder, 'moves', file), migration)
    mkdirSync(join(project.folder, 'seeds'))
    project.write('seeds/first.js', seed)

    t.match(await run('migrate:status'), { code: 0, out: /1 Pending Migration/ })
    t.match(await run('migrate:latest'), { code: 0, out: /Batch 1 run: 1 migrations/ })
    t.match(await run('migrate:latest'), { code: 0, out: /Already up to date/ })
    t.match(await run('seed:run'), { code: 0, out: /Ran 1 seed files/ })
    const plain = makeKnex(config)
    t.strictSame(await plain('words').pluck('word'), ['first'], 'as a plain knex sees it')
    await plain.destroy()
    t.match(await run('migrate:currentVersion'), { code: 0, out: /Current Version: \d{14}/ })
    t.match(await run('migrate:rollback'), { code: 0, out: /Batch 1 rolled back: 1 migrations/ })
    t.match(await run('migrate:unlock'), { code: 0, out: /Succesfully unlocked/ })

    if (kind === 'sqlite') return
    const wrong = new URL(url)
    wrong.password = 'zebra'
    const refused = await cli(wrong.href, 'auto', 'migrate:latest')
    t.match(refused, { code: 1, out: /password/ }, 'a wrong login is said in words')
    t.notMatch(refused.out, /zebra/)
  })
}

void t.test('an address that is none ends the command with the problem', async (t) => {
  const { project, cli } = newCliProject()
  t.teardown(project.remove)
  t.match(await cli('postgre://u@h/d', 'auto', 'migrate:latest'), {
    code: 1,
    out: /unknown scheme "postgre"/,
  })
})
