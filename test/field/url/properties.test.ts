import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { formatUrl, validateUrl, type UrlValidation } from 'failsoft'
import t from 'tap'

const canary = 'Zq7CanaryXw'

/** Everything of a result that can reach a person or a log. */
function shown(result: UrlValidation): string {
  const problems = result.valid ? [] : result.problems
  const texts = [...problems, ...result.warnings].map(({ message, hint }) => `${message}\n${hint}`)
  return [...texts, result.redacted, JSON.stringify(result), inspect(result, { depth: 9 })].join('\n')
}

const scheme = fc.constantFrom('postgres', 'postgresql', 'mysql', 'mariadb', 'cockroachdb', 'jdbc:mysql')
const odd = fc.constantFrom(
  '',
  '@',
  ':',
  '/',
  '?',
  '#',
  '%',
  '[',
  ']',
  ' ',
  '%zz',
  '<',
  '>',
  '\\',
  '"',
  "'",
  '=',
  '&',
  '${',
  '}',
)
const near = fc.tuple(odd, odd).map(([before, after]) => `${before}${canary}${after}`)

void t.test('a password is shown nowhere, whatever is wrong with the URL', async (t) => {
  const password = fc
    .tuple(scheme, near, fc.constantFrom('h', 'h:5432', 'h:x', '[::1', 'h!', '', 'a,b'), odd)
    .map(([name, secret, host, tail]) => `${name}://user:${secret}@${host}/db${tail}`)
  fc.assert(
    fc.property(
      password,
      fc.boolean(),
      (input, strict) => !shown(validateUrl(input, { strict })).includes(canary),
    ),
    { numRuns: 3000 },
  )
  t.pass()
})

void t.test('a secret parameter is shown nowhere', async (t) => {
  const name = fc.constantFrom(
    'sslpassword',
    'password',
    'scram_client_key',
    'oauth_client_secret',
    'api_key',
    'authToken',
    'pwd',
  )
  const input = fc
    .tuple(scheme, name, odd)
    .map(([each, parameter, tail]) => `${each}://u@h/d?${parameter}=${canary}${tail}`)
  fc.assert(
    fc.property(input, (text) => !shown(validateUrl(text)).includes(canary)),
    { numRuns: 1000 },
  )
  t.pass()
})

void t.test('a text that cannot be read shows no part of itself but its scheme', async (t) => {
  const broken = fc.constantFrom(
    (c: string) => c,
    (c: string) => `postgres://${c}:5432:5432/db`,
    (c: string) => `postgres://h:${c}/db`,
    (c: string) => `postgres://u:p@${c}!/db`,
    (c: string) => `postgres://u:p@h:0/${c}`,
    (c: string) => `postgres://${c}@h:0/d`,
    (c: string) => `postgres://u:p@h/d?${c}`,
    (c: string) => `postgres://u:p@h/d?=${c}`,
    (c: string) => `postgres://u:p@h:0/d?${c}=1`,
    (c: string) => `postgres://u:p@h/d?sslmode=${c}`,
    (c: string) => `postgres://u:p@h/d?connect_timeout=${c}`,
    (c: string) => `user:${c}@h/d`,
    (c: string) => `${c}@h/d`,
    (c: string) => `mysql:/u:${c}@h/d`,
    (c: string) => `postgres:u:${c}@h/d`,
    (c: string) => `mysql://user:${c}:203.0.113.7:3306/db`,
    (c: string) => `sqlite://${c}`,
    (c: string) => `sqlite://u:${c}@h/d`,
    (c: string) => `https://${c}.example.com/?key=${c}`,
    (c: string) => `mongodb://u:${c}@h/d`,
    (c: string) => `psql -h ${c} -W ${c}`,
    (c: string) => `PGPASSWORD=${c} psql -h h`,
    (c: string) => `host=h password='${c}`,
    (c: string) => `${c}=postgres://u:p@h:0/d`,
    (c: string) => `Server=h;Password=${c}`,
    (c: string) => `\${${c}}`,
    (c: string) => `$${c}`,
    (c: string) => `postgres://u:[${c}]@h:0/d`,
    (c: string) => `postgres://u:p@[${c}]/d`,
    (c: string) => `postgres://u:p@<${c}>/d`,
    (c: string) => `postgres://your-${c}:p@h/d`,
    (c: string) => `postgres://u:p@h/d\n${c}`,
    (c: string) => `postgres://u:p@a/d,mysql://${c}@b/d`,
    (c: string) => `postgres://u:12/${c}@h/d`,
  )
  const text = fc.tuple(broken, near).map(([make, secret]) => make(secret))
  const holds = (input: string, strict: boolean): boolean => {
    const result = validateUrl(input, { strict })
    return result.valid || !shown(result).includes(canary)
  }
  fc.assert(fc.property(text, fc.boolean(), holds), { numRuns: 6000 })
  t.pass()
})

const unit = fc.constantFrom(
  ...Array.from('abz09 @:/?#%[]{}<>$=&,;."\'`\\+-_~!*()|^é漢\u200B\uFEFF\n\r\t\0\uD800😀'),
)
const soup = fc.array(
  fc.oneof(
    unit,
    fc.constantFrom('postgres://', 'mysql://', 'sqlite:', 'jdbc:', 'psql ', 'X=', '%20', '%00', '%ff'),
  ),
)

void t.test('it never throws, and says the same again', async (t) => {
  const anything = fc.oneof(
    fc.anything(),
    fc.string({ unit: 'binary' }),
    soup.map((all) => all.join('')),
  )
  fc.assert(
    fc.property(anything, fc.boolean(), (input, strict) => {
      const result = validateUrl(input, { strict })
      return isDeeplyFrozen(result) && inspect(result) === inspect(validateUrl(input, { strict }))
    }),
    { numRuns: 4000 },
  )
  t.pass()
})

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen)
}

void t.test('what is not strict enough always comes with a warning', async (t) => {
  const input = soup.map((all) => `postgres://${all.join('')}`)
  fc.assert(
    fc.property(input, (text) => {
      const lenient = validateUrl(text)
      const strict = validateUrl(text, { strict: true })
      return strict.valid ? lenient.valid : !lenient.valid || lenient.warnings.length > 0
    }),
    { numRuns: 4000 },
  )
  t.pass()
})

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const encoded = word.map((text) => encodeURIComponent(text))
const host = fc.constantFrom('h', 'db.example.com', '[::1]', '%2Frun%2Fpg', '192.0.2.1', '', 'bücher.example')
const port = fc.constantFrom('', ':5432', ':1', ':65535')
const hosts = fc
  .array(
    fc.tuple(host, port).map((parts) => parts.join('')),
    { maxLength: 3 },
  )
  .map((all) => all.join(','))
const query = fc.constantFrom(
  '',
  '?application_name=a%20b&sslpassword=x%26y',
  '?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=c&sslkey=k',
  '?sslrootcert=system',
  '?foo=%25&Foo=%2526',
  '?sslnegotiation=direct',
)

const server = fc
  .tuple(fc.constantFrom('postgres', 'mysql', 'cockroachdb'), encoded, encoded, hosts, encoded, query)
  .map(
    ([name, user, password, list, database, tail]) =>
      `${name}://${user}:${password}@${list}/${database}${tail}`,
  )
const file = fc
  .tuple(
    fc.constantFrom('sqlite:', 'sqlite:/', 'sqlite:///', 'sqlite:////', 'sqlite://///', 'sqlite:./'),
    encoded,
  )
  .map((parts) => parts.join(''))

const plain = (value: unknown): string =>
  inspect(value, { depth: 9 }) +
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && 'reveal' in each
      ? (each as { reveal(): string }).reveal()
      : each,
  )

void t.test('the canonical URL gives an equal target, with strict too', async (t) => {
  let read = 0
  fc.assert(
    fc.property(fc.oneof(server, file), (input) => {
      const result = validateUrl(input)
      if (!result.valid) return true
      read++
      const again = validateUrl(formatUrl(result.target, { reveal: true }), { strict: true })
      return (
        again.valid && reveal(again.target) === reveal(result.target) && again.redacted === result.redacted
      )
    }),
    { numRuns: 4000 },
  )
  t.ok(read > 2000, `${read} of them were valid`)
})

/** A target with its secrets, as text. */
function reveal(target: unknown): string {
  const secrets: string[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('reveal' in value) secrets.push((value as { reveal(): string }).reveal())
    else Object.values(value).forEach(visit)
  }
  visit(target)
  return plain(target) + JSON.stringify(secrets)
}

void t.test('a long text takes no longer than its length explains', async (t) => {
  const size = 1_000_000
  const floods = [
    '@',
    ':',
    '/',
    '%',
    '[',
    'a',
    '@/',
    ',',
    '&',
    '=',
    '%41',
    "'",
    '"',
    ' ',
    '${',
    '\\',
    'postgres://',
    'a@',
    ':@/',
    '\u200B',
  ]
  const starts = [
    '',
    'postgres://',
    'mysql://u:',
    'sqlite:',
    'host=',
    'psql ',
    'X=',
    '"',
    'postgres://h/d?',
    "host='",
  ]
  for (const length of [size, 65_000]) {
    for (const start of starts) {
      for (const flood of floods) {
        const took = (size: number): number => {
          const input = start + flood.repeat(Math.floor((size - start.length) / flood.length))
          return quickestOf(3, () => validateUrl(input))
        }
        const whole = took(length)
        // Of a text that is four times as long, the square would take sixteen times as long.
        if (whole > 250 && whole > 10 * took(length / 4))
          t.fail(`${JSON.stringify(start + flood)} × ${length} took ${Math.round(whole)} ms`)
      }
    }
  }
  t.pass()
})

/** In milliseconds of the processor: a busy machine makes the clock run on meanwhile. */
function quickestOf(times: number, work: () => unknown): number {
  let best = Infinity
  for (let count = 0; count < times && best > 100; count++) {
    const began = process.cpuUsage()
    work()
    best = Math.min(best, process.cpuUsage(began).user / 1000)
  }
  return best
}
