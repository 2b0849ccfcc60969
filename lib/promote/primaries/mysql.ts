import type { Knex } from 'knex'
import { sumDigits, sumMarks, Total } from '../comparable.ts'
import { quoteWith, type Column, type Table } from '../table.ts'
import { readMysqlTables } from './mysql-tables.ts'
import { insertByStatements, type Primary, type Text } from './primary.ts'

const quote = quoteWith('`')

/** MySQL and MariaDB. */
export const mysqlPrimary: Primary = {
  quote,
  readTables: readMysqlTables,
  readExpression,
  parameter,
  // MariaDB does not find a text with an umlaut by `(a, b) in ((…), …)` where the column has another character set.
  matchKeys: (names, keys) =>
    keys.map((key) => `(${key.map((sql, index) => `${names[index]} = ${sql}`).join(' and ')})`).join(' or '),
  insert: (trx, table, columns, rows) => insertByStatements({ quote, parameter }, trx, table, columns, rows),
  totalSql,
  undoesTables: false,
  // Nothing is cut to fit in silence, and a key of 0 is no wish for the next number.
  beginSql: [`set session sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'`],
  setSequences: async () => {},
  claimSql: { takeOver: 'on duplicate key update hash = values(hash)', lock: 'for update' },
  ledgerTypes: {
    text: 'longtext character set utf8mb4',
    name: 'varchar(150) character set utf8mb4 collate utf8mb4_bin',
    // The server's default may be an engine without transactions, which would keep lines of rows that were taken back.
    engine: 'engine = InnoDB',
  },
}

function parameter({ kind, isSingle }: Column, text: Text): { sql: string; bindings: Knex.RawBinding[] } {
  if (text === null) return { sql: 'null', bindings: [] }
  // It is compared as a double: 0.1 as a float of four bytes is another number.
  if (kind === 'float' && isSingle) return { sql: '?', bindings: [String(Math.fround(Number(text)))] }
  // A text beside a number would be compared as a float, without the index.
  if (kind === 'integer' || kind === 'decimal') return { sql: text, bindings: [] }
  return { sql: '?', bindings: [kind === 'bytes' ? Buffer.from(text, 'hex') : text] }
}

function readExpression({ name, kind, type, isSingle }: Column): string {
  const column = quote(name)
  if (kind === 'bytes') return `lower(hex(${column}))`
  if (kind === 'date') return `date_format(${column}, '%Y-%m-%d')`
  if (kind === 'instant')
    return `trim(trailing '.' from trim(trailing '0' from date_format(${column}, '%Y-%m-%d %H:%i:%s.%f')))`
  // The driver does not read every number exactly.
  if (isSingle) return `cast(cast(${column} as double) as char)`
  // As text, bits are bytes, and zeros may stand before a number.
  if (/^bit|zerofill/.test(type)) return `cast(${column} + 0 as char)`
  // The column itself would be read as an object where MariaDB says that it is JSON.
  return `cast(${column} as char)`
}

function totalSql(table: Table, columns: readonly Column[]): string | undefined {
  if (columns.some(({ kind }) => kind === 'json' || kind === 'float')) return undefined
  const mark = (text: string): string => `char(${text.charCodeAt(0)} using utf8mb4)`
  const texts = columns.map((column) => `coalesce(${comparableExpression(column)}, ${mark(sumMarks.null)})`)
  const line = `concat_ws(${mark(sumMarks.between)}, ${texts.join(', ')})`
  const sum = `cast(conv(left(sha2(${line}, 256), ${sumDigits}), 16, 10) as unsigned)`
  return `select cast(count(*) as char) as n, cast(mod(coalesce(sum(${sum}), 0), ${Total.modulus}) as char) as total from ${quote(table.name)}`
}

/** What {@link normalizerOf} makes of a column's text. */
function comparableExpression(column: Column): string {
  const text = `convert(${readExpression(column)} using utf8mb4)`
  if (column.kind === 'uuid') return `replace(${text}, '-', '')`
  if (column.kind !== 'decimal') return text
  return `if(locate('.', ${text}) > 0, trim(trailing '.' from trim(trailing '0' from ${text})), ${text})`
}
