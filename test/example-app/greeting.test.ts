import { stripVTControlCharacters } from 'node:util'
import { greeting, line, promises } from 'example-app/greeting.js'
import type { ConnectionState, Database } from 'failsoft/knex'
import t from 'tap'
import { durabilityMeanings } from '#lib/resolve/durability.js'

const base = { since: 0, generation: 1, attempt: 1 }
const problem = { code: 'missing', message: 'DATABASE_URL is not set.', hint: 'Set it.' } as const
const sqlite = { dialect: 'sqlite', driver: 'sqlite3', target: 'sqlite:/x/failsoft.db' } as const
const server = { dialect: 'postgres', driver: 'pg', target: 'postgres://me:***@db/tasks' } as const
const fallback = (durability: string) => ({
  ...base,
  status: 'fallback',
  engine: sqlite,
  reason: 'missing',
  problem,
  location: { filename: '/x/failsoft.db', durability, filesystem: 'local' },
  primary: null,
})

const cases = [
  {
    name: 'a server',
    state: { ...base, status: 'connected', engine: server, readOnly: false },
    want: /^  Database  postgres:\/\/me:\*\*\*@db\/tasks\n$/,
  },
  {
    name: 'a server that takes no writes',
    state: { ...base, status: 'connected', engine: server, readOnly: true },
    want: /\(read-only: used as it is\)\n$/,
  },
  {
    name: 'SQLite that is copied',
    state: {
      ...base,
      status: 'connected',
      engine: sqlite,
      readOnly: false,
      replica: { target: 'file:///data/todo', intervalMs: 1000 },
    },
    want: /Database +sqlite:\/x\/failsoft\.db\n +Copy +every 1 s to file:\/\/\/data\/todo\n$/,
  },
  {
    name: 'SQLite, for a while',
    state: fallback('ephemeral'),
    want: /Database +SQLite, \/x\/failsoft\.db\n +The database is temporary: its rows will be lost\.\n +Why +DATABASE_URL is not set\.\n +To do +Set it\.\n$/,
  },
  {
    name: 'SQLite, to stay',
    state: fallback('persistent'),
    want: /Its rows outlive this program and its container\.\n/,
  },
  ...[true, false].map((clean) => ({
    name: `SQLite in place of a server, ${clean ? 'clean' : 'written to'}`,
    state: {
      ...fallback('persistent'),
      primary: { reachable: false, checkedAt: 0 },
      standIn: { clean, tables: 0 },
    },
    want: clean
      ? /Way back +The service returns by itself when the database answers\.\n$/
      : /To do +Set it\.\n$/,
  })),
  { name: 'SQLite, of a kind not known here', state: fallback('new'), want: /failsoft\.db\n +\n +Why/ },
  {
    name: 'none',
    state: { ...base, status: 'unavailable', reason: 'unreachable', problem, nextAttemptAt: null },
    want: /Database +none\n +Why +DATABASE_URL is not set\.\n +To do +Set it\.\n$/,
  },
  ...['idle', 'connecting', 'reconnecting', 'closing', 'closed'].map((status) => ({
    name: `none yet: ${status}`,
    state: { ...base, status },
    want: new RegExp(`Database +not there yet \\(${status}\\)\n$`),
  })),
]
for (const { name, state, want } of cases) {
  void t.test(name, async (t) => {
    const config = { warnings: [] } as unknown as Database['config']
    t.match(greeting({ state: state as ConnectionState, config }), want)
  })
}

void t.test('long lines are broken at the width of the terminal, long words are not', async (t) => {
  t.intercept(process.stdout, 'columns', { value: 30, configurable: true })
  const url = 'postgres://me:***@a-long-host.example:5432/tasks'
  const text = stripVTControlCharacters(line(['Why', `${url} refused the connection.`]))
  t.equal(text, `  Why       ${url}\n            refused the\n            connection.\n`)
})

void t.test('warnings are notes, but for those that are said anyway', async (t) => {
  const warnings = [
    { code: 'sqlite-ephemeral', message: 'It is temporary.', hint: 'Mount a volume.' },
    { code: 'localhost-in-container', message: 'That is the container.', hint: 'Set it.' },
    { code: 'unknown-parameter', message: 'x is not known.', hint: 'Leave it out.' },
  ]
  const config = { warnings } as unknown as Database['config']
  const text = greeting({ state: fallback('ephemeral') as ConnectionState, config })
  t.match(text, /Note +x is not known\. Leave it out\.\n$/)
  t.notMatch(text, /It is temporary|That is the container/)
})

void t.test('the page, the terminal and the log have one wording for what becomes of rows', async (t) => {
  t.strictSame(promises, durabilityMeanings)
  const page = new URL('../page/words.js', import.meta.resolve('example-app'))
  t.strictSame(((await import(page.href)) as { promises: object }).promises, durabilityMeanings)
})
