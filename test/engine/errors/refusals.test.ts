import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { classifyError } from 'failsoft/knex'
import t from 'tap'
import { makeAuthority } from '../../servers/certificates.js'
import { more } from './more-refusals.js'
import { otherWords } from './other-words.js'
import { collected, errorOf, holds, outcomeOf, startRefusing } from './refusals.js'

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
  const all = [...collected[scheme], ...more[scheme], ...otherWords[scheme]]
  t.test(`${scheme}: what servers, poolers and providers answer while a connection is made`, async (t) => {
    for (const refusal of all) {
      for (const tls of refusal.tls === undefined ? [false, true] : [refusal.tls]) {
        const server = await startRefusing(refusal, tls ? certificate : undefined)
        const { problem, isTriedAgain } = await outcomeOf(
          `${scheme}://app:s3cret@127.0.0.1:${server.port}/todo`,
        )
        await server.close()
        holds(t, refusal, problem)
        t.equal(problem.cause?.message, refusal.text, 'in its own words')
        t.ok(isTriedAgain, 'it is tried again')
      }
    }
  })
  t.test(`${scheme}: the errors alone`, async (t) => {
    for (const refusal of all.filter(({ onlyAtLogin }) => !onlyAtLogin))
      holds(t, refusal, classifyError(errorOf(refusal, (errno) => names[errno])))
  })
}
