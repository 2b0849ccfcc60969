import { inside, type Piece } from './field.ts'
import type { Findings } from './findings.ts'
import { isKeywordString } from './keyword-string.ts'
import { beginsWithUrl } from './leading-url.ts'
import { publicName } from './vocabulary.ts'

const assignment =
  /^(?:export\s+|setx?\s+|env\s+|arg\s+|const\s+|let\s+|var\s+|process\.env\.|\$env:|\{\s*|-\s*|-[de]\s+)?["']?([A-Za-z_]\w{0,80})["']?\s*(:=|=>|[=:])\s*/i
const command =
  /^(?:\$\s+)?(?:[A-Z]\w{0,40}=\S{0,90}\s+){0,3}(?:sudo\s+(?:-\w\s+\w{1,40}\s+)?)?(psql|pgcli|pg_dump|pg_dumpall|pg_restore|pg_isready|pgbench|createdb|dropdb|mysql|mysqldump|mysqlsh|mycli|mariadb|mariadb-dump|usql|sqlite3|litecli|cockroach|dbmate|heroku|docker|npx|fly|flyctl|railway|neonctl|supabase)\s+/i
const anyUrl = /(^|[\s"'`=“‘])((?:jdbc:)?[a-z][a-z0-9+-]{1,30}:\/\/)/gi

/** Takes off `NAME=`, `export NAME=` or `NAME: `. */
export function unwrapAssignment(piece: Piece, found: Findings): Piece | undefined {
  const match = assignment.exec(piece.text.slice(0, 200))
  if (!match || beginsWithUrl(piece.text)) return undefined
  const name = String(match[1])
  const value = inside(piece, match[0].length)
  const rest = inside(value, 0, findEnd(value.text))
  const isUrlName = /(?:url|uri|dsn)$/i.test(name) && !rest.text.startsWith('//')
  if (!isUrlName && !beginsWithUrl(rest.text)) return undefined
  const at = { start: piece.start, end: rest.start }
  found.repair('pasted-assignment', { name: `${publicName(name)}${match[2]}` }, at)
  return rest
}

/** Where an assigned value ends: after its second quote, or before a command or a comment that follows it. */
function findEnd(text: string): number {
  const close = /^["'`]/.test(text) ? text.indexOf(text.charAt(0), 1) : -1
  if (close >= 0) return /^(?:[\s;,}]|$)/.test(text.slice(close + 1)) ? close + 1 : text.length
  const blank = text.indexOf(' ')
  // A space before an "@" is in a password, and one behind a "?" in a parameter.
  const isOver = blank >= 0 && !text.includes('@', blank) && text.lastIndexOf('?', blank) < 0
  return isOver && !isKeywordString(text) ? blank : text.replace(/[;,]{1,3}$/, '').length
}

/** Takes the URL out of a command such as `psql 'postgres://…'`; what is left of one without a URL is empty. */
export function unwrapCommand(piece: Piece, found: Findings): Piece | undefined {
  const match = command.exec(piece.text.slice(0, 250))
  if (!match) return undefined
  const url = findUrl(piece, match[0].length)
  const values = { command: String(match[1]).toLowerCase() }
  if (url) {
    found.repair('pasted-command', values, { start: piece.start, end: url.start })
    return url
  }
  found.refuse('pasted-command', values, { start: piece.start, end: piece.start + piece.text.length })
  return { text: '', start: piece.start }
}

/** The one URL, or keyword string, among the arguments of a command. */
function findUrl(piece: Piece, from: number): Piece | undefined {
  const options = inside(piece, from)
  const urls = [...options.text.matchAll(anyUrl)].filter(({ 2: prefix }) => beginsWithUrl(String(prefix)))
  const keywords = /^(?:-d\s*|--dbname[=\s]\s*)?["']?(?=\w+\s*=)/.exec(options.text)
  const index = urls[0] ? urls[0].index + String(urls[0][1]).length : keywords?.[0].length
  if (urls.length > 1 || index === undefined) return undefined
  const quote = options.text.charAt(index - 1)
  const close = /["'`]/.test(quote) ? options.text.indexOf(quote, index) : -1
  const blank = options.text.slice(index).search(/\s/)
  const end = close >= 0 ? close : blank >= 0 && urls[0] ? index + blank : options.text.length
  const rest = inside(options, index, end)
  return urls[0] || isKeywordString(rest.text) ? rest : undefined
}
