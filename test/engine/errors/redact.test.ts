import { inspect } from 'node:util'
import { openDatabase, createEngine, type LogEvent } from 'failsoft/knex'
import t from 'tap'
import { refuse as refuseMysql, serve as serveMysql, startFakeMysql } from '../../servers/fake-mysql.js'
import { refuse as refusePostgres, startFakePostgres } from '../../servers/fake-postgres.js'
import { errorPacket } from '../../servers/mysql-messages.js'
import { targetOf } from '../server/open-engine.js'

/** With characters that each form writes in another way. */
const password = 'canary/p4ss+wörd"%'
const encoded = encodeURIComponent(password)

/** The forms in which a server, or a proxy before it, may say a password. */
const forms = {
  itself: password,
  'percent-encoded': encoded,
  'percent-encoded, in lower case': encoded.toLowerCase(),
  'in base64': Buffer.from(password).toString('base64'),
  'in base64, behind the user': Buffer.from(`app:${password}`).toString('base64'),
  'in base64url': Buffer.from(password).toString('base64url'),
  'in hexadecimal': Buffer.from(password).toString('hex'),
  'in hexadecimal, in capitals': Buffer.from(password).toString('hex').toUpperCase(),
  'as a list of bytes': [...Buffer.from(password)].join(', '),
  'in a URL': `postgres://app:${encoded}@db/todo`,
  'in JSON': JSON.stringify({ password }),
  'in JSON, as PHP writes it': JSON.stringify({ password }).replaceAll('/', String.raw`\/`),
}

function isSecret(text: string): boolean {
  return Object.values(forms).some((form) => text.includes(form)) || text.includes('canary')
}

for (const [name, form] of Object.entries(forms)) {
  const message = `login failed: ${form} is wrong, for "${form}"`
  const servers = {
    postgres: () =>
      startFakePostgres({ login: refusePostgres({ code: 'XX000', message, detail: form, hint: form }) }),
    mysql: () => startFakeMysql({ login: refuseMysql({ errno: 7777, message }) }),
    'mysql, before the greeting': () =>
      startFakeMysql({ insteadOfGreeting: { errno: 7777, message }, login: serveMysql() }),
    'mysql, in answer to a statement': () =>
      startFakeMysql({ login: serveMysql(errorPacket(1, { errno: 7777, sqlState: 'HY000', message })) }),
  }
  for (const [kind, start] of Object.entries(servers)) {
    t.test(`${kind}: a server that says the password ${name}`, async (t) => {
      const server = await start()
      t.teardown(() => server.close())
      const url = `${kind.split(',')[0]}://app:${encoded}@127.0.0.1:${server.port}/todo`
      const events: LogEvent[] = []
      await using database = openDatabase({
        url,
        strategy: 'never',
        env: {},
        bootDeadlineMs: 3000,
        log: (event) => events.push(event),
      })
      const state = await database.connect()
      t.match(state.problem?.cause?.message, /^login failed: .*\*\*\*/, 'its words are kept')
      const error: unknown = await database.ready().catch((reason: unknown) => reason)
      const made = createEngine(targetOf(url))
      if (!made.ok) throw new Error(made.problem.message)
      const failed: unknown = await made.engine.knex.raw('select 1').catch((reason: unknown) => reason)
      const probe = await made.engine.probe()
      await made.engine.close()
      const failures = kind.includes('statement') ? [error] : [error, failed]
      for (const shown of [state, database.health(), events, probe, ...failures]) {
        const printed = inspect(shown, { depth: 12, showHidden: true })
        t.notOk(isSecret(printed), printed)
        t.notOk(isSecret(JSON.stringify(shown)))
        if (shown instanceof Error) t.notOk(isSecret(`${shown.stack}`))
      }
    })
  }
}

t.test(
  'what the redacted URL shows anyway is left, and a short password leaves the sentence whole',
  async (t) => {
    const message = 'no pg_hba.conf entry for host "10.0.0.1", user "postgres", database "a", no encryption'
    const server = await startFakePostgres({ login: refusePostgres({ code: '28000', message }) })
    t.teardown(() => server.close())
    const rows = [
      { login: 'postgres:postgres', want: message },
      { login: 'app:no', want: message.replaceAll(/\bno\b/g, '***') },
      { login: 'app:t', want: message },
    ]
    for (const { login, want } of rows) {
      await using database = openDatabase({
        url: `postgres://${login}@127.0.0.1:${server.port}/a`,
        strategy: 'never',
        env: {},
      })
      const state = await database.connect()
      t.equal(state.problem?.cause?.message, want, login)
    }
  },
)
