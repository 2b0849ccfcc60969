import makeKnex, { type Knex } from 'knex'

type Connection = { run(sql: string, done: (error: Error | null) => void): void }

type Done = (error: unknown, connection: Connection) => void

/** knex as its documentation sets it up: `CLIENT`, `DATABASE` (a file or a URL), and nothing else. */
export function openKnex(env: NodeJS.ProcessEnv): Knex {
  const { CLIENT: client = 'sqlite3', DATABASE: database = '', TUNED: tuned } = env
  if (client !== 'sqlite3' && client !== 'better-sqlite3') return makeKnex({ client, connection: database })
  const config: Knex.Config = { client, connection: { filename: database }, useNullAsDefault: true }
  return makeKnex(tuned && client === 'sqlite3' ? { ...config, pool: tunedPool } : config)
}

/** By hand, what guides to SQLite on servers recommend: WAL, some connections, and a wait for locks. */
const tunedPool: Knex.PoolConfig = {
  min: 4,
  max: 4,
  afterCreate: (connection: Connection, done: Done) => {
    void setUp(connection, done)
  },
}

async function setUp(connection: Connection, done: Done): Promise<void> {
  try {
    for (const pragma of ['busy_timeout = 5000', 'journal_mode = WAL', 'synchronous = FULL'])
      await run(connection, `PRAGMA ${pragma}`)
    done(null, connection)
  } catch (error) {
    done(error, connection)
  }
}

async function run(connection: Connection, sql: string): Promise<void> {
  return new Promise((resolve, reject) => connection.run(sql, (error) => (error ? reject(error) : resolve())))
}

/** Brings the tables up to date, as the example app does. */
export async function migrate(knex: Knex): Promise<void> {
  const migrationSource: Knex.MigrationSource<string> = {
    getMigrations: async () => ['create-tasks'],
    getMigrationName: (name) => name,
    getMigration: async () => createTasks,
  }
  await knex.migrate.latest({ migrationSource })
}

/** The table of the example app, but for the column that is searched. */
const createTasks: Knex.Migration = {
  async up(knex) {
    await knex.schema.createTable('tasks', (table) => {
      table.string('id', 36).primary()
      table.string('title', 200).notNullable()
      table.text('description').notNullable()
      table.boolean('completed').notNullable()
      table.string('created_at', 24).notNullable()
      table.string('updated_at', 24).notNullable()
      table.index(['created_at', 'id'])
      table.index(['title', 'id'])
      table.index(['completed', 'created_at', 'id'])
      table.index(['completed', 'title', 'id'])
    })
  },
  async down(knex) {
    await knex.schema.dropTable('tasks')
  },
}
