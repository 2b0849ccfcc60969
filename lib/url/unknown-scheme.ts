import type { Piece } from './field.ts'
import { span } from './field.ts'
import type { Findings } from './findings.ts'
import { nearest } from './edit-distance.ts'
import { kinds } from './kinds.ts'
import { goAdvice, goHost } from './go-host.ts'
import { beginsWithUrl } from './leading-url.ts'
import { findReference, findVariable } from './templates.ts'
import { checkWhole } from './check-templates.ts'

const canonical = ['postgres', 'postgresql', 'mysql', 'mariadb', 'sqlite', 'sqlite3', 'cockroachdb']

/** Databases that failsoft does not speak to, though their schemes are near to those that it knows. */
const others = new Set(
  'mssql sqlserver mongodb redis rediss redshift oracle libsql duckdb pglite clickhouse mysqlx prisma mongo'.split(
    ' ',
  ),
)

/** What a person may mean by a scheme of another kind. */
const advice: Readonly<Record<string, string>> = {
  'prisma+postgres':
    'This is an address of Prisma Accelerate: use the direct URL, which begins with postgres://.',
  prisma: 'This is an address of Prisma Accelerate: use the direct URL, which begins with postgres://.',
  libsql: 'For a local file write sqlite:./file.db.',
  pglite: 'It runs in the program itself, and only its own driver opens it.',
}

/** Explains a text that begins with `scheme:`, where the scheme is not known. */
export function explainUnknownScheme(text: Piece, jdbc: number, scheme: string, found: Findings): void {
  const name = scheme.toLowerCase()
  const base = name.replace(/\+.*/, '')
  const at = { start: text.start + jdbc, end: text.start + jdbc + scheme.length }
  const slashes = text.text.startsWith('//', jdbc + scheme.length + 1)
  const suggestion = others.has(base) ? undefined : nearestScheme(base)
  if (findReference(text.text, 'value') !== undefined) checkWhole({ ...text, value: text.text }, found)
  else if (/^(?:https?|wss?|ftp)$/.test(name))
    found.refuse('http-url', { scheme: name, advice: webAdvice(text.text) }, at)
  else if (suggestion) found.refuse('misspelled-scheme', { scheme: name, suggestion }, at)
  else if (slashes || jdbc > 0 || others.has(base))
    found.refuse('unsupported-scheme', { scheme: name, advice: advice[name] ?? advice[base] ?? '' }, at)
  else explainNoScheme(text, found)
}

function webAdvice(text: string): string {
  return /\.supabase\.co/i.test(text)
    ? "It is the project's API. Copy the connection string from Connect, Session pooler: it begins with postgresql://."
    : "Copy the connection string from the provider's page: it begins with postgres://, postgresql:// or mysql://."
}

/** Explains a text without a scheme. */
export function explainNoScheme(text: Piece, found: Findings): void {
  const start = leadingVariable(text.text) ?? text.text
  if (!checkWhole({ ...text, text: start, value: start }, found))
    found.refuse('missing-scheme', { advice: schemeAdvice(text.text) }, span(text))
}

/** The variable that a text begins with, before what was to follow its value; at most as long as a name. */
function leadingVariable(text: string): string | undefined {
  const starts = [...text.slice(0, 120).matchAll(/[/?&:]/g)].map(({ index }) => text.slice(0, index))
  return [text, ...starts].find((start) => findVariable(start.trim(), 'value') !== undefined)
}

function schemeAdvice(text: string): string {
  if (text === ':memory:') return 'For a database in memory write sqlite::memory:'
  if (/^(?:file:\/\/)?\/(?:run|etc)\/secrets\//.test(text))
    return 'This is the path of a file with the value: put it into DATABASE_URL_FILE.'
  if (text.startsWith('/cloudsql/'))
    return 'Name the socket in the query, as in postgres://user:password@/database?host=/cloudsql/….'
  if (/^[^\s@=?]+\.(?:db|db3|sqlite|sqlite3|s3db)$/i.test(text))
    return `For a SQLite file write sqlite:${text}`
  if (/^[a-z0-9+]{2,20}%3A/i.test(text)) return 'All of it is percent-encoded: encode user and password only.'
  if (/^(?:\.{0,2}[\\/]|~|[A-Za-z]:\\)/.test(text) && !/@|:\/\//.test(text))
    return 'For a SQLite file write sqlite: before its name.'
  if (/^data source\s*=\s*(?::memory:|[^;]*\.(?:db|db3|sqlite|sqlite3|s3db)\s*(?:;|$))/i.test(text))
    return 'For a SQLite file write sqlite:./file.db, and for one in memory sqlite::memory:.'
  if (isGoDsn(text)) return `This is a DSN of Go's driver for MySQL: ${goAdvice}`
  if (
    /(?:^|;)\s*(?:server|data source|driver|host|user id|uid|initial catalog)\s*=[^;]*(?:;|$)/i.test(text)
  ) {
    return 'This is a connection string for ADO or ODBC: write postgres://user:password@host:5432/database, or mysql://…, in its place.'
  }
  const inside = urlInside.exec(text)?.[1]
  if (inside)
    return `Paste the URL alone, without what stands around it: it begins with ${inside.toLowerCase()}.`
  if (isEncoded(text)) return 'This is the Base64 of a URL: decode it, and store the URL itself.'
  return 'Begin with postgres://, mysql:// or sqlite:, as in postgres://user:password@host:5432/database.'
}

/** `user:password@tcp(db.example.com:3306)/todo`. */
function isGoDsn(text: string): boolean {
  return goHost.test(text.slice(text.lastIndexOf('@') + 1))
}

const urlInside = /(?:^|[^\w+-])((?:postgres(?:ql)?|mysql|mariadb|cockroachdb):\/\/)/i

function isEncoded(text: string): boolean {
  return /^[A-Za-z0-9+/]{16,}={0,2}$/.test(text) && beginsWithUrl(Buffer.from(text, 'base64').toString())
}

/** The known scheme that a word was meant to be, at a distance of one or two letters. */
function nearestScheme(word: string): string | undefined {
  if (word === 'psql' || word === 'pq') return 'postgresql'
  // As in PHP: "pdo_pgsql".
  const ofPhp = /^pdo[-_](\w+)$/.exec(word)?.[1]
  if (ofPhp !== undefined) return kinds.get(ofPhp)?.scheme
  return word.length < 4 ? undefined : nearest(word, canonical, 2)
}
