import { resolveDatabaseConfig } from 'failsoft'
import t from 'tap'

t.test('a server', async (t) => {
  const env = { DATABASE_URL: 'postgres://app:s3cret@db.example.com/app', POSTGRES_URL: 'postgres://app@x/y' }
  t.equal(
    resolveDatabaseConfig({ env }).explain(),
    `Database     PostgreSQL at postgres://app:***@db.example.com:5432/app
From         DATABASE_URL
Strategy     unconfigured: the default
Warning      DATABASE_URL is used, and not POSTGRES_URL: they name different databases. [conflicting-variables]
             → Remove all but one, or make them agree.

Looked at    in this order:
taken        DATABASE_URL: it names postgres://app:***@db.example.com:5432/app
passed-over  POSTGRES_URL: DATABASE_URL comes first; this names a different database`,
  )
})

t.test('an option, and a SQLite file', async (t) => {
  const text = resolveDatabaseConfig({ env: {}, url: 'sqlite:/nowhere/x.db' }).explain()
  t.match(text, 'Database     SQLite in the file /nowhere/x.db\nFrom         the option url\n')
})

t.test('a fallback', async (t) => {
  const cwd = t.testdir({})
  const env = { SPACE_ID: 'a/b', DATABASE_URL: 'mysql://u@h:x/d' }
  t.equal(
    resolveDatabaseConfig({ env, cwd }).explain(),
    `Database     SQLite in the file ${cwd}/data/failsoft.db, as a fallback
Durability   ephemeral: The database is temporary: its rows will be lost.
Reason       DATABASE_URL has a port that is not a number from 1 to 65535. [invalid-port]
             → Write host:port, for example db.example.com:3306.
Strategy     always: the default on a Hugging Face Space: SPACE_ID is set
Warning      The SQLite file ${cwd}/data/failsoft.db is temporary: its rows will be lost when this container is replaced. [sqlite-ephemeral]
             → Attach a Storage Bucket to the Space and let the program write to it, or set DATABASE_URL.

Looked at    in this order:
refused      DATABASE_URL has a port that is not a number from 1 to 65535.
taken        ${cwd}/data/failsoft.db: it can be created, with its directory`,
  )
})

t.test('none', async (t) => {
  const env = { APP_DB: '' }
  t.equal(
    resolveDatabaseConfig({
      env: { ...env, SPACE_ID: 'a/b' },
      variables: ['APP_DB', 'OTHER_FILE'],
      strategy: 'never',
    }).explain(),
    `Database     none: the strategy allows no fallback for this reason
Reason       APP_DB is set but empty or blank. [empty]
             → Give it a database URL, or remove it. An empty value often means that the secret it is filled from has another name. On a Hugging Face Space, add it in Settings → Variables and secrets, as a secret; duplicates do not copy it.
Strategy     never: the program asks for it

Looked at    in this order:
absent       APP_DB: set, but empty or blank
absent       APP_DB_FILE, OTHER_FILE: not set`,
  )
})

t.test('many absent names are one line', async (t) => {
  const lines = resolveDatabaseConfig({ env: {}, strategy: 'never' }).explain().split('\n')
  const absent = lines.filter((line) => line.startsWith('absent'))
  t.equal(absent.length, 1)
  t.match(absent[0], /^absent {7}DATABASE_URL, POSTGRES_URL, .*, DB_HOST: not set, with or without _FILE$/)
})

t.test('SQLite in memory, as asked', async (t) => {
  const text = resolveDatabaseConfig({ env: { DATABASE_URL: 'sqlite::memory:' } }).explain()
  t.match(text, /^Database {5}SQLite in memory\n/)
})
