import makeKnex, { type Knex } from 'knex'
import t from 'tap'
import { classifyError, createEngine, ProblemError } from 'failsoft/knex'
import { targetOf } from '../engine/server/open-engine.js'
import { openPlaces, openSubjects, type Place } from './drop-in-places.js'

const { KnexTimeoutError } = makeKnex as unknown as { KnexTimeoutError: typeof Error }

interface Timeout extends Error {
  readonly code?: string
  readonly sql?: string
  readonly bindings?: readonly unknown[]
}

/** knex names the statement where it is raw. */
const insert = (knex: Knex): PromiseLike<unknown> => knex.raw('insert into words values (?)', ['zebra'])

async function failureOf(work: PromiseLike<unknown>): Promise<Timeout> {
  return await work.then(
    () => new Error('it did not fail'),
    (error: Timeout) => error,
  )
}

/** Another one holds the only connection that there is for it. */
async function waitInVain(knex: Knex): Promise<Timeout> {
  // What is measured is not how long it takes to connect.
  while (await failureOf(knex.raw('select 1')).then(({ code }) => code === 'connect-timeout'));
  const trx = await knex.transaction()
  // Not beside its own transaction, which SQLite is not let wait for.
  return await failureOf(insert(knex)).finally(() => trx.rollback())
}

function plainOf({ config }: Place): Knex {
  return makeKnex({ ...config, pool: { min: 0, max: 1 }, acquireConnectionTimeout: 1000 })
}

for (const place of await openPlaces(t)) {
  const { name, kind, url, options } = place
  void t.test(`${name}: a wait that is over is an error that programs written for knex know`, async (t) => {
    const plain = plainOf(place)
    t.teardown(() => plain.destroy())
    await plain.schema.createTable('words', (table) => void table.string('word'))
    const want = await waitInVain(plain)
    t.ok(want instanceof KnexTimeoutError && want.bindings?.[0] === 'zebra', 'as plain knex says it')

    const settings = { ...options, pool: { max: 1, acquireTimeoutMs: 1000 } }

    const code = kind === 'sqlite' ? 'sqlite-busy' : 'pool-exhausted'
    for (const [subject, knex] of Object.entries(await openSubjects(t, { url, options: settings }))) {
      const error = await waitInVain(knex)
      t.ok(error instanceof KnexTimeoutError, subject)
      t.ok(error instanceof ProblemError, 'and an error of this library')
      t.equal(error.name, want.name)
      t.strictSame([error.sql, error.bindings], [want.sql, want.bindings], 'it names the statement')
      t.match(error, { code, hint: /\w/ })
      t.match(classifyError(error), { code })
      t.notMatch(error.message, /zebra/, 'not its values')
    }
  })

  if (kind !== 'sqlite') continue
  void t.test(
    `${name}: what could only wait for itself is refused with the same error, at once`,
    async (t) => {
      const made = createEngine(targetOf(url), options)
      if (!made.ok) throw new Error(made.problem.message)
      t.teardown(() => made.engine.close())
      const { knex } = made.engine
      await knex.transaction(async () => {
        const error = await failureOf(insert(knex))
        t.ok(error instanceof KnexTimeoutError)
        t.match(error, { code: 'query-outside-transaction', bindings: ['zebra'], hint: /trx/ })
      })
    },
  )
}
