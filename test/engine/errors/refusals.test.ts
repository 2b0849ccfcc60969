import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { classifyError } from 'failsoft/knex'
import t from 'tap'
import { makeAuthority } from '../../servers/certificates.js'
import { more } from './more-refusals.js'
import { collected, errorOf, holds, startRefusing, stateAfter } from './refusals.js'

// The names that mysql2 gives to numbers.
const require = createRequire(import.meta.url)
const names = require(join(dirname(require.resolve('mysql2')), 'lib/constants/errors.js')) as Record<
  number,
  string
>
const authority = makeAuthority()
const certificate = authority.issue('localhost', 'IP:127.0.0.1')
t.teardown(() => authority.remove())

for (const scheme of ['postgres', 'mysql'] as const) {
  for (const refusal of [...collected[scheme], ...more[scheme]]) {
    const name = `${refusal.id}: ${refusal.text.slice(0, 60)}`
    for (const tls of refusal.tls === undefined ? [false, true] : [refusal.tls]) {
      t.test(`${name}${tls ? ', over TLS' : ''}`, async (t) => {
        const server = await startRefusing(refusal, tls ? certificate : undefined)
        t.teardown(() => server.close())
        const state = await stateAfter(`${scheme}://app:s3cret@127.0.0.1:${server.port}/todo`)
        t.equal(state.status, 'unavailable')
        if (state.status !== 'unavailable') return
        holds(t, refusal, state.problem)
        t.equal(state.problem.cause?.message, refusal.text, 'in its own words')
        t.type(state.nextAttemptAt, 'number', 'it is tried again')
      })
    }
    if (!refusal.onlyAtLogin)
      t.test(`${name}, the error alone`, async (t) => {
        holds(t, refusal, classifyError(errorOf(refusal, (errno) => names[errno])))
      })
  }
}
