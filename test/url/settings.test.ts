import * as fc from 'fast-check'
import mysql2 from 'mysql2'
import t from 'tap'
import { validateUrl, type DatabaseTarget } from 'failsoft'
import { createEngine } from 'failsoft/knex'
import { mysqlCharsets } from '#lib/url/dialects/mysql-charsets.js'
import { dialects } from '#lib/url/kinds.js'
import { tlsFileNames, tlsModeNames } from '#lib/url/tls-parameters.js'

const addresses = {
  postgres: 'postgres://u:p@h/d',
  cockroachdb: 'cockroachdb://u:p@h/d',
  mysql: 'mysql://u:p@h/d',
  sqlite: 'sqlite:x.db',
}

/** The files of TLS are looked at by `createEngine` alone: a URL cannot know whether they are there. */
const files = new Set([...tlsFileNames.keys(), 'sslcrl'])

const names = Object.values(dialects).flatMap(({ dialect, parameters }) => {
  const known = [...parameters.keys(), ...(dialect === 'sqlite' ? [] : tlsModeNames.keys())]
  return known.filter((name) => !files.has(name)).map((name) => ({ dialect, name }))
})

const values = [
  '',
  ' ',
  '0',
  '1',
  '-1',
  '-5',
  '2.5',
  '1e3',
  '0x10',
  '٣',
  '5s',
  '9999999999',
  '99999999999',
  '2147483648',
  'NaN',
  'Infinity',
  'null',
  'true',
  'TRUE',
  'off',
  'no',
  'maybe',
  'perhaps',
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  '{}',
  '[]',
  '{"ca":1}',
  'off; drop table t',
  'wal',
  'memory',
  'full',
  'extra',
  'ro',
  'rw',
  'any',
  'ANY',
  'read-write',
  'primary',
  'preferSecondary',
  'random',
  'require',
  'direct',
  'utf8',
  'utf8mb4',
  'UTF8MB4_0900_AI_CI',
  'klingon',
  'utf8_klingon_ci',
  'latin1',
  'local',
  'Z',
  '+02:00',
  '+99:99',
  'Europe/Berlin',
  'TLSv1',
  'TLSv1.3',
  'SSLv3',
  '/tmp/x.sock',
  './x',
  '127.0.0.1',
  '::1',
  '300.1.2.3',
  'a,b,,c',
  "it's",
  '\\',
  '-c geqo=off',
  'ä',
  '😀',
  '=',
  '&',
  '#',
  '%',
  '$HOME',
  '\u0001',
  'x'.repeat(300),
]

const said = fc.oneof(fc.constantFrom(...values), fc.string({ unit: 'binary' }))
const urls = fc.constantFrom(...Object.values(dialects)).chain(({ dialect }) => {
  const known = fc.constantFrom(...names.filter((each) => each.dialect === dialect).map(({ name }) => name))
  const pairs = fc.array(fc.record({ name: known, said, isLoud: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
  })
  return pairs.map((all) => {
    const query = all.map(
      ({ name, said, isLoud }) => `${isLoud ? name.toUpperCase() : name}=${encodeURIComponent(said)}`,
    )
    return `${addresses[dialect]}?${query.join('&')}`
  })
})

function problemOf(target: DatabaseTarget): string | undefined {
  const made = createEngine(target)
  if (!made.ok) return `${made.problem.code}: ${made.problem.message}`
  void made.engine.close()
  return undefined
}

void t.test('each known parameter with each odd value: what is valid can be used', async (t) => {
  for (const { dialect } of Object.values(dialects)) {
    let usable = 0
    for (const value of values) {
      const pairs = names
        .filter((each) => each.dialect === dialect)
        .map(({ name }) => `${name}=${encodeURIComponent(value)}`)
      const valid = pairs.filter((pair) => validateUrl(`${addresses[dialect]}?${pair}`).valid)
      // All at once: an engine takes longer to make than a URL to read.
      const read = validateUrl(`${addresses[dialect]}?${valid.join('&')}`)
      usable += valid.length
      t.equal(read.valid && problemOf(read.target), undefined, `${dialect}: ${value.slice(0, 20)}`)
    }
    t.ok(usable > values.length, `${dialect}: ${usable} of them are valid`)
  }
})

void t.test('several of them, with any other value', async (t) => {
  const isUsable = (url: string): void => {
    const read = validateUrl(url)
    const problem = read.valid ? problemOf(read.target) : undefined
    if (problem) throw new Error(`${url}: ${problem}`)
  }
  t.doesNotThrow(() => fc.assert(fc.property(urls, isUsable), { numRuns: 300 }))
})

const refused = [
  {
    name: 'a journal that cannot roll back',
    input: 'sqlite:x.db?journal_mode=off',
    parameter: 'journal_mode',
  },
  { name: 'a negative wait', input: 'sqlite:x.db?busy_timeout=-5', parameter: 'busy_timeout' },
  { name: 'neither yes nor no', input: 'mysql://u:p@h/d?compress=maybe', parameter: 'compress' },
  {
    name: 'the same, by its name in mysql2',
    input: 'mysql://u:p@h/d?dateStrings=perhaps',
    parameter: 'dateStrings',
  },
  { name: 'a character set of nobody', input: 'mysql://u:p@h/d?charset=klingon', parameter: 'charset' },
  {
    name: 'a zone, where mysql2 takes offsets',
    input: 'mysql://u:p@h/d?timezone=Europe/Berlin',
    parameter: 'timezone',
  },
  {
    name: 'a negative bound of statements',
    input: 'postgres://u:p@h/d?statement_timeout=-1',
    parameter: 'statement_timeout',
  },
  { name: 'keep-alive that may be', input: 'postgres://u:p@h/d?keepalives=perhaps', parameter: 'keepalives' },
  { name: 'no number', input: 'postgres://u:p@h/d?lock_timeout=soon', parameter: 'lock_timeout' },
  {
    name: 'a role of nobody',
    input: 'postgres://u:p@h/d?targetServerType=klingon',
    parameter: 'targetServerType',
  },
  {
    name: 'a version of TLS that is none',
    input: 'postgres://u:p@h/d?ssl_min_protocol_version=SSLv3',
    parameter: 'ssl_min_protocol_version',
  },
  {
    name: 'a socket that is nowhere',
    input: 'mysql://u:p@h/d?socketPath=mysql.sock',
    parameter: 'socketPath',
  },
  {
    name: 'an address of nobody',
    input: 'mysql://u:p@h/d?localAddress=300.1.2.3',
    parameter: 'localAddress',
  },
]

void t.test('a value that cannot be used is named where it is read', async (t) => {
  for (const { name, input, parameter } of refused) {
    const value = decodeURIComponent(input.slice(input.lastIndexOf('=') + 1))
    const read = validateUrl(input)
    t.match(
      read,
      { valid: false, problems: [{ code: 'invalid-parameter', message: new RegExp(`"${parameter}"`) }] },
      name,
    )
    if (!read.valid) {
      const { start = 0, end = 0 } = read.problems[0].at ?? {}
      t.equal(input.slice(start, end), value, `${name}: where it stands`)
    }
  }
})

void t.test('a wish for encryption by its old name counts', async (t) => {
  t.match(validateUrl('postgres://u:p@h/d?requiressl=1'), {
    valid: true,
    target: { tls: { mode: 'require' } },
  })
})

void t.test('an empty value says nothing', async (t) => {
  for (const { dialect, name } of names) {
    const read = validateUrl(`${addresses[dialect]}?${name}=`)
    t.match(read, { valid: true }, `${dialect} ${name}`)
  }
})

void t.test('the character sets are those of mysql2', async (t) => {
  const { Charsets } = mysql2 as unknown as { Charsets: object }
  t.same(
    [...mysqlCharsets].toSorted(),
    Object.keys(Charsets)
      .map((name) => name.toLowerCase())
      .toSorted(),
  )
})
