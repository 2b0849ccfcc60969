import t from 'tap'
import { promote, remake, rowsIn, standInWith, startPlaces, type Place } from './places.js'

const places = await startPlaces(t)

/** A type on each server, values that a stand-in may hold with what the server shows of them, and values that do not fit. */
interface Case {
  readonly name: string
  /** The type on each server; left out where it has none of the kind. */
  readonly postgres?: string
  readonly mysql?: string
  /** Literals of SQLite, and what is read back as text. */
  readonly fits: readonly (readonly [literal: string, text: string])[]
  readonly refused: readonly string[]
  /** How it is read back; the column is `v`. */
  readonly shown?: { readonly postgres?: string; readonly mysql?: string }
}

const time = {
  postgres: `to_char(v at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`,
  mysql: `date_format(v, '%Y-%m-%d %H:%i:%s.%f')`,
}

const cases: readonly Case[] = [
  {
    name: 'booleans',
    postgres: 'boolean',
    fits: [
      ['1', 'true'],
      ['0', 'false'],
      [`'TRUE'`, 'true'],
      [`'f'`, 'false'],
    ],
    refused: ['2', `'yes'`, `x'01'`, '0.5'],
  },
  {
    name: 'integers',
    postgres: 'integer',
    mysql: 'integer',
    fits: [
      ['2147483647', '2147483647'],
      ['-2147483648', '-2147483648'],
      ['5.0', '5'],
      [`'+7'`, '7'],
    ],
    refused: ['2147483648', '-2147483649', '1.5', `'x'`, `''`, `x'31'`, '1e30'],
  },
  {
    name: 'integers beyond 2^53',
    postgres: 'bigint',
    mysql: 'bigint',
    fits: [
      ['9223372036854775807', '9223372036854775807'],
      ['-9223372036854775808', '-9223372036854775808'],
      ['9007199254740993', '9007199254740993'],
    ],
    refused: ['9.3e18', `'9223372036854775808'`],
  },
  {
    name: 'floats',
    postgres: 'double precision',
    mysql: 'double',
    fits: [
      ['0.1', '0.1'],
      ['-5', '-5'],
      [`'2.5'`, '2.5'],
    ],
    refused: ['9007199254740993', `'x'`, `x'00'`],
  },
  {
    name: 'decimals',
    postgres: 'numeric(10, 2)',
    mysql: 'decimal(10, 2)',
    fits: [
      ['19.99', '19.99'],
      [`'12345678.90'`, '12345678.90'],
      ['-0.5', '-0.50'],
      ['7', '7.00'],
    ],
    refused: ['0.001', '123456789', `'x'`, `''`, '1e20', '0.30000000000000004'],
  },
  {
    name: 'long decimals',
    postgres: 'numeric',
    mysql: 'decimal(65, 10)',
    fits: [[`'123456789012345678901234567890.0123456789'`, '123456789012345678901234567890.0123456789']],
    refused: [`'1,5'`],
  },
  {
    name: 'short text',
    postgres: 'varchar(5)',
    mysql: 'varchar(5) character set utf8mb4',
    fits: [
      [`'hello'`, 'hello'],
      [`'😀😀😀😀😀'`, '😀😀😀😀😀'],
      [`''`, ''],
      ['12345', '12345'],
    ],
    refused: [`'sixsix'`, '123456', `x'00'`],
  },
  { name: 'text with NUL', postgres: 'text', fits: [[`'a\\b'`, 'a\\b']], refused: [`'a' || char(0) || 'b'`] },
  {
    name: 'text with NUL where it may be',
    mysql: 'text character set utf8mb4',
    fits: [[`'a' || char(0) || 'b'`, '610062']],
    refused: [`printf('%70000s', 'x')`],
    shown: { mysql: 'hex(v)' },
  },
  {
    name: 'JSON',
    postgres: 'jsonb',
    fits: [
      ['\'{"b":1,"a":[null]}\'', '{"a": [null], "b": 1}'],
      [`'null'`, 'null'],
      ['3', '3'],
    ],
    refused: [`''`, `'{'`, `'{"a":"\\u0000"}'`, `x'22ff22'`],
  },
  {
    name: 'bytes',
    postgres: 'bytea',
    mysql: 'varbinary(4)',
    fits: [
      [`x'00ff'`, '00ff'],
      [`x''`, ''],
      [`'ab'`, '6162'],
    ],
    refused: ['5'],
    shown: { postgres: `encode(v, 'hex')`, mysql: 'lower(hex(v))' },
  },
  { name: 'too many bytes', mysql: 'varbinary(2)', fits: [], refused: [`x'000000'`] },
  {
    name: 'times',
    postgres: 'timestamptz',
    mysql: 'datetime(6)',
    fits: [
      ['0', '1970-01-01 00:00:00.000000'],
      ['-86400001', '1969-12-30 23:59:59.999000'],
      ['1700000000123', '2023-11-14 22:13:20.123000'],
      [`'2024-02-29 12:00:00'`, '2024-02-29 12:00:00.000000'],
      [`'1900-01-01T00:00:00.5+02:00'`, '1899-12-31 22:00:00.500000'],
    ],
    refused: [`'yesterday'`, `'2023-02-29 00:00:00'`, `x'00'`, `''`, '8.64e15'],
    shown: time,
  },
  {
    name: 'times from 1970 on',
    mysql: 'timestamp(3) null',
    fits: [['1700000000123', '2023-11-14 22:13:20.123000']],
    refused: ['-1', '4102444800000', `'1969-01-01 00:00:00'`],
    shown: time,
  },
  {
    name: 'dates',
    postgres: 'date',
    mysql: 'date',
    fits: [
      [`'1969-07-20'`, '1969-07-20'],
      ['86400000', '1970-01-02'],
    ],
    refused: [`'1969-13-20'`, '1', `'2024-01-01 10:00:00'`],
    shown: { mysql: `date_format(v, '%Y-%m-%d')` },
  },
  {
    name: 'UUIDs',
    postgres: 'uuid',
    fits: [[`'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'`, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
    refused: [`'x'`, '5'],
  },
  {
    name: 'bits',
    mysql: 'bit(8)',
    fits: [
      ['5', '5'],
      ['0', '0'],
      [`'255'`, '255'],
    ],
    refused: ['256', '-1', `x'05'`],
    shown: { mysql: 'cast(v + 0 as char)' },
  },
  {
    name: 'booleans in a bit',
    mysql: 'bit(1)',
    fits: [
      ['1', '1'],
      ['0', '0'],
    ],
    refused: ['2'],
    shown: { mysql: 'cast(v + 0 as char)' },
  },
  {
    name: 'sixty-four bits',
    mysql: 'bit(64)',
    fits: [
      ['9223372036854775807', '9223372036854775807'],
      [`'18446744073709551615'`, '18446744073709551615'],
    ],
    refused: [`'18446744073709551616'`],
    shown: { mysql: 'cast(cast(v as unsigned) as char)' },
  },
  {
    name: 'years',
    mysql: 'year',
    fits: [['2024', '2024']],
    refused: ['0', '70', '2156', `'x'`],
  },
  {
    name: 'text of one byte for each character',
    mysql: 'varchar(3) character set latin1',
    fits: [[`'äöü'`, 'äöü']],
    refused: [`'äöüß'`],
  },
  {
    name: 'words with marks',
    mysql: String.raw`enum('a\\b', 'c\nd', 'e,''f')`,
    fits: [
      [String.raw`'a\b'`, String.raw`a\b`],
      [`'c' || char(10) || 'd'`, 'c\nd'],
      [`'e,''f'`, `e,'f`],
    ],
    refused: [`'e'`],
  },
  { name: 'words', mysql: `enum('red', 'it''s')`, fits: [[`'it''s'`, `it's`]], refused: [`'blue'`, '1'] },
]

for (const place of places.filter(({ dialect }) => dialect !== 'sqlite')) {
  for (const one of cases.filter((one) => typeOf(one, place) !== undefined)) {
    void t.test(`${place.dialect}: ${one.name}`, async (t) => {
      await remake(place, [`create table x (id integer primary key, v ${typeOf(one, place)})`])
      const { fits, refused } = one
      const standIn = await standInWith(t, [
        'create table x (id integer primary key, v)',
        ...inserts([...fits.map(([literal]) => literal), ...refused]),
      ])
      const dry = await promote(standIn, place, { dryRun: true })
      const want = refused.map((_, index) => String(fits.length + index))
      t.strictSame(
        dry.differences.map(({ key }) => key),
        want,
        'each that does not fit is named',
      )
      t.ok(dry.differences.every(({ column, table }) => column === 'v' && table === 'x'))
      t.strictSame(await rowsIn(place.primary, 'select id from x'), [], 'nothing was written')
      await standIn.raw(`delete from x where id >= ${fits.length}`)
      t.match(await promote(standIn, place), { done: true, rows: fits.length, differences: [] })
      const rows = await rowsIn(place.primary, `select ${shownBy(one, place)} as v from x order by id`)
      t.strictSame(
        rows.map(({ v }) => String(v)),
        fits.map(([, text]) => text),
      )
      t.match(await promote(standIn, place), { done: true, rows: 0, differences: [] })
    })
  }
}

function typeOf({ postgres, mysql }: Case, { dialect }: Place): string | undefined {
  return dialect === 'postgres' ? postgres : mysql
}

function shownBy({ shown }: Case, { dialect }: Place): string {
  return dialect === 'postgres' ? (shown?.postgres ?? 'v::text') : (shown?.mysql ?? 'cast(v as char)')
}

function inserts(literals: readonly string[]): string[] {
  return literals.map((literal, id) => `insert into x values (${id}, ${literal})`)
}
