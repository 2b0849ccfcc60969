import { formatUrl, validateUrl } from 'failsoft'
import t from 'tap'

/** What is shown of a text; of one that cannot be read, no more than a scheme that is known. */
const shown: readonly (readonly [input: unknown, redacted: string])[] = [
  ['postgres://u:p@[::1]/d', 'postgres://u:***@[::1]:5432/d'],
  ['postgres://:p@h', 'postgres://:***@h:5432/'],
  ['postgres://u@%2Frun%2Fpg/d', 'postgres://u@%2Frun%2Fpg/d'],
  ['postgres://u@%2Frun%2Fa%3Ab:1/d', 'postgres://u@%2Frun%2Fa%3Ab:1/d'],
  ['sqlite:///x.db', 'sqlite:x.db'],
  ['sqlite://///x.db', 'sqlite://///x.db'],
  ['sqlite:a//', 'sqlite:a//'],
  [
    'postgres://h/d?sslpassword=x&foo_token=y&application_name=z',
    'postgres://h:5432/d?sslpassword=***&foo_token=***&application_name=z',
  ],
  ['my://h:x', 'my:***'],
  [' "PostgreSQL+x://u:p@h:x/d', 'postgresql:***'],
  ['secret://u:p@h/d', '***'],
  ['u:p@h/d', '***'],
  ['DATABASE_URL=postgres://u:p@h:x/d', '***'],
  ['', '***'],
  [undefined, '***'],
  [new String('postgres://h:x'), '***'],
]

for (const [input, redacted] of shown) t.equal(validateUrl(input).redacted, redacted, String(input))

/** A mistake with one reading, and the canonical URL of that. */
const repaired: Readonly<Record<string, string>> = {
  'postgres://u:p@ss@h/d': 'postgres://u:p%40ss@h:5432/d',
  'mysql://u:p@@h/d': 'mysql://u:p%40@h:3306/d',
  'postgres://@u:p@h/d': 'postgres://%40u:p@h:5432/d',
  'postgres://u@corp.com:p@h/d': 'postgres://u%40corp.com:p@h:5432/d',
  'postgres://u:pa/s@s@h:1/d': 'postgres://u:pa%2Fs%40s@h:1/d',
  'postgres://u:0/x@h/d': 'postgres://u:0%2Fx@h:5432/d',
  'postgres://u:p@!h/x@b/d': 'postgres://u:p%40%21h%2Fx@b:5432/d',
  'mysql://u:p#ss@h/d': 'mysql://u:p%23ss@h:3306/d',
  'mysql://u:p?ss@h:1/d': 'mysql://u:p%3Fss@h:1/d',
  'mysql://u: p@h/d': 'mysql://u:%20p@h:3306/d',
  'postgres://u:p s@h/d': 'postgres://u:p%20s@h:5432/d',
  'postgres://u:pa%ss@h/d': 'postgres://u:pa%25ss@h:5432/d',
  'jdbc:mysql://h:1/d?user=u&password=p': 'mysql://u:p@h:1/d',
  'jdbc:postgresql:d?user=u': 'postgres://u@/d',
  'jdbc:mysql:loadbalance://a,b/d?user=u': 'mysql://u@a:3306,b:3306/d',
}

void t.test('a mistake with one reading is read as that', async (t) => {
  for (const [input, want] of Object.entries(repaired)) {
    const result = validateUrl(input)
    t.equal(result.valid && formatUrl(result.target, { reveal: true }), want, input)
  }
})
