import { inspect } from 'node:util'
import { Secret } from 'failsoft'
import t from 'tap'

const secret = new Secret('s3cret')

t.equal(secret.reveal(), 's3cret')
t.equal(String(secret), '***')
t.equal([secret].join(), '***')
t.equal(JSON.stringify({ secret }), '{"secret":"***"}')
t.equal(inspect({ secret }), '{ secret: *** }')
t.strictSame(Object.keys(secret), [])
t.ok(Object.isFrozen(secret))
