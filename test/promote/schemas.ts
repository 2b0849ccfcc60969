import type { Test } from 'tap'
import { promote, remake, rowsIn, standInWith, type Place } from './places.js'
const dialects = ['sqlite', 'postgres', 'mysql'] as const

/** Tables and rows of a stand-in, the tables of the primary, and what comes of it. */
interface Case {
  readonly name: string
  /** Of the stand-in; the tables of the primary too, where those say nothing else. */
  readonly tables: readonly string[]
  readonly primary?: Partial<Record<(typeof dialects)[number], readonly string[]>>
  readonly only?: readonly (typeof dialects)[number][]
  readonly rows: readonly string[]
  /** What is read in both afterwards, and must be equal. */
  readonly same?: string
  /** Places of what does not fit, as the dry run names it: `table key column`. */
  readonly refused?: readonly string[]
  /** Places of what differs afterwards. */
  readonly differences?: readonly string[]
  /** What is done to the stand-in after the first run; another follows. */
  readonly later?: readonly string[]
  readonly laterDifferences?: readonly string[]
  /** Places of what does not fit after that. */
  readonly laterRefused?: readonly string[]
}

const many = Array.from({ length: 300 }, (_, index) => `c${index}`)

const cases: readonly Case[] = [
  {
    name: 'reserved words as names',
    tables: [
      'create table groups_ (id integer primary key, type varchar(9), value integer, position integer)',
    ],
    rows: [`insert into groups_ values (1, 'a', 2, 3)`],
    same: 'select id, type, value, position from groups_',
  },
  {
    name: 'names with capitals, blanks, colons, percents and dollars',
    tables: [
      'create table "My :Table" (id integer primary key, "Ein Über %s" varchar(9), "$1" integer, ":id" integer)',
    ],
    primary: {
      mysql: [
        'create table `My :Table` (id integer primary key, `Ein Über %s` varchar(9), `$1` integer, `:id` integer)',
      ],
    },
    rows: [`insert into "My :Table" values (1, 'x', 2, 3)`],
    later: [`update "My :Table" set ":id" = 4`],
  },
  {
    name: 'names with question marks, and counters of such tables',
    only: ['postgres'],
    tables: ['create table "why?" (id integer primary key, "what?" varchar(9))'],
    primary: {
      postgres: [String.raw`create table "why\?" (id serial primary key, "what\?" varchar(9))`],
    },
    rows: [`insert into "why?" values (1, 'a'), (7, '?')`],
    later: [`update "why?" set "what?" = 'b'`],
  },
  {
    name: 'a key that carries another column',
    only: ['postgres'],
    tables: ['create table carried (id integer primary key, name varchar(9))'],
    primary: {
      postgres: ['create table carried (id integer, name varchar(9), primary key (id) include (name))'],
    },
    rows: [`insert into carried values (1, 'a'), (2, null)`],
    same: 'select id, name from carried order by id',
    later: [`update carried set name = 'b'`],
  },
  {
    name: 'a unique index that could not be built',
    only: ['postgres'],
    tables: ['create table dups (a integer not null, b varchar(9))'],
    primary: {
      postgres: [
        'create table dups (a integer not null, b varchar(9))',
        'create unique index dups_a on dups (a)',
        `update pg_index set indisvalid = false, indisready = false, indisunique = true where indexrelid = 'dups_a'::regclass`,
      ],
    },
    rows: [`insert into dups values (1, 'a'), (1, 'b')`],
    later: [`insert into dups values (1, 'c')`],
    same: 'select a, b from dups order by b',
  },
  {
    name: 'rows that have one key in the primary, and none in the stand-in',
    tables: ['create table codes (code varchar(9) not null, n integer)'],
    primary: Object.fromEntries(
      dialects.map((dialect) => [dialect, ['create table codes (code varchar(9) primary key, n integer)']]),
    ),
    rows: [`insert into codes values ('x', 1), ('y', 1)`],
    later: [`insert into codes values ('x', 2)`],
    laterRefused: ['codes x '],
  },
  {
    name: 'rows without row ids that have one key in the primary, on two pages',
    tables: ['create table pages (a integer, b integer, primary key (a, b)) without rowid'],
    primary: Object.fromEntries(
      dialects.map((dialect) => [dialect, ['create table pages (b integer primary key, a integer)']]),
    ),
    rows: [`insert into pages ${upTo(1000)} select i, i from n`, 'insert into pages values (5000, 1000)'],
    refused: ['pages 1000 '],
  },
  {
    name: 'a counter beside the key that nobody may set anew',
    only: ['postgres'],
    tables: ['create table counted (id varchar(9) primary key, n integer, v varchar(9))'],
    primary: {
      postgres: [
        'create table counted (id varchar(9) primary key, n integer generated always as identity, v varchar(9))',
      ],
    },
    rows: [`insert into counted values ('a', 3, 'x'), ('b', 2, 'x')`],
    later: [`update counted set v = 'y' where id = 'a'`, `update counted set n = 9 where id = 'b'`],
    laterDifferences: ['counted b n'],
    same: 'select id, v from counted order by id',
  },
  {
    name: 'a server that reads backslashes in texts',
    only: ['postgres'],
    tables: ['create table texts (id varchar(9) primary key, v varchar(9))'],
    primary: {
      postgres: [
        'create table texts (id varchar(9) primary key, v varchar(9))',
        'set standard_conforming_strings = off',
      ],
    },
    rows: [String.raw`insert into texts values ('a\b', 'x\')`],
    later: [`update texts set v = '\\'''`],
    same: 'select id, v from texts',
  },
  {
    name: 'numbers that are rounded before the point, and small ones',
    only: ['postgres'],
    tables: ['create table rounded (id integer primary key, v, w)'],
    primary: {
      postgres: ['create table rounded (id integer primary key, v numeric(3, -2), w numeric(2, 5))'],
    },
    rows: [
      'insert into rounded values (1, 1200, 0.00012), (2, 0, 0), (3, -99900.0, null), (4, 1234, null), (5, 100000, null), (6, null, 0.001), (7, null, 1), (8, 0.5, null)',
    ],
    refused: ['rounded 4 v', 'rounded 5 v', 'rounded 6 w', 'rounded 7 w', 'rounded 8 v'],
  },
  {
    name: 'numbers that are rounded before the point, and fit',
    only: ['postgres'],
    tables: ['create table rounded (id integer primary key, v, w)'],
    primary: {
      postgres: ['create table rounded (id integer primary key, v numeric(3, -2), w numeric(2, 5))'],
    },
    rows: ['insert into rounded values (1, 1200, 0.00012), (2, 0, 0), (3, -99900.0, null)'],
    later: ['update rounded set v = 100'],
    same: 'select id, cast(v as integer) as v from rounded order by id',
  },
  {
    name: 'a table that remembers its versions',
    only: ['mysql'],
    tables: ['create table versions (id integer primary key, v integer)'],
    primary: {
      mysql: ['create table versions (id integer primary key, v integer) with system versioning'],
    },
    rows: ['insert into versions values (1, 1), (2, 2)'],
    later: ['update versions set v = 3 where id = 1', 'delete from versions where id = 2'],
    same: 'select id, v from versions',
  },
  {
    name: 'rows that point at nothing in their own table',
    only: ['postgres', 'mysql'],
    tables: ['create table cats (id integer primary key, parent integer)'],
    primary: Object.fromEntries(
      dialects.map((dialect) => [
        dialect,
        [
          'create table cats (id integer primary key, parent integer, foreign key (parent) references cats (id))',
        ],
      ]),
    ),
    rows: ['insert into cats values (1, 3), (2, 77), (3, null), (4, 2)'],
    refused: ['cats 2 '],
  },
  {
    name: 'rows that point at nothing in a table of the same name elsewhere',
    only: ['postgres'],
    tables: ['create table cats (id integer primary key, parent integer)'],
    primary: {
      postgres: [
        'drop schema if exists elsewhere cascade',
        'create schema elsewhere',
        'create table elsewhere.cats (id integer primary key)',
        'create table cats (id integer primary key, parent integer not null references elsewhere.cats (id))',
        'insert into elsewhere.cats values (1)',
      ],
    },
    rows: ['insert into cats values (1, 1), (2, 77)'],
    refused: ['cats 2 '],
  },
  {
    name: 'whole numbers in columns without a type',
    only: ['sqlite'],
    tables: ['create table loose (id integer primary key, v, b blob, t text, n numeric, r real)'],
    rows: [
      `insert into loose values (1, 1, 2, 3, 4, 5), (2, -7, 'x', 1.5, 2.5, 0.5), (3, 9007199254740991, 9007199254740993, 0, 0, 0), (4, 1e300, 1.5, '5', '6', -1e-300)`,
    ],
    later: ['update loose set v = 12 where id = 2'],
    same: 'select typeof(v), v, typeof(b), b, typeof(t), t, typeof(n), n, typeof(r), r from loose order by id',
  },
  {
    name: 'columns of another case and another order',
    tables: ['create table people (ID integer primary key, Name varchar(9), AGE integer)'],
    primary: {
      postgres: ['create table people (age integer, name varchar(9), id integer primary key)'],
      mysql: ['create table people (age integer, name varchar(9), id integer primary key)'],
    },
    rows: [`insert into people values (1, 'a', 40)`],
    same: 'select id, name, age from people',
  },
  {
    name: 'keys of text that are empty, long, or differ in blanks and case',
    tables: ['create table words (word varchar(200) primary key, n integer)'],
    primary: {
      mysql: [
        'create table words (word varchar(200) collate utf8mb4_bin primary key, n integer) character set utf8mb4',
      ],
    },
    rows: [
      `insert into words values ('', 1), (printf('%200s', 'x'), 2), ('a', 3), ('A', 4), ('ä', 5), ('a''"\\', 6), ('\\N', 7), ('😀', 8)`,
    ],
    same: 'select n from words order by n',
    later: [`update words set n = n + 10`, `delete from words where word in ('', 'A')`],
  },
  {
    name: 'keys that are one to the primary',
    only: ['mysql'],
    tables: ['create table words (word varchar(20) primary key)'],
    primary: { mysql: ['create table words (word varchar(20) collate utf8mb4_general_ci primary key)'] },
    rows: [`insert into words values ('a'), ('A'), ('b')`],
    refused: ['words A '],
  },
  {
    name: 'the smallest and the largest key',
    tables: ['create table n (id bigint primary key)'],
    rows: ['insert into n values (-9223372036854775808), (-1), (0), (9223372036854775807)'],
    same: 'select cast(id as char(30)) as id from n order by n.id',
  },
  {
    name: 'a key without a row id',
    tables: ['create table pairs (a varchar(9), b integer, c varchar(9), primary key (b, a))'],
    rows: [`insert into pairs values ('x', 1, 'p'), ('y', 1, 'q'), ('x', 2, null)`],
    same: 'select a, b, c from pairs order by b, a',
    later: [`update pairs set c = 'changed' where b = 1`, `delete from pairs where b = 2`],
  },
  {
    name: 'NULL in a composite key, which SQLite takes',
    tables: ['create table pairs (a varchar(9), b integer, primary key (a, b))'],
    only: ['postgres', 'mysql'],
    rows: [`insert into pairs values ('x', 1), (null, 2)`],
    refused: ['pairs , 2 a'],
  },
  {
    name: 'columns that hide the row id',
    tables: [
      'create table hidden (rowid integer, oid varchar(9), _rowid_ integer, primary key (rowid, oid))',
    ],
    primary: {
      postgres: [
        'create table hidden (rowid integer, oid varchar(9), _rowid_ integer, primary key (rowid, oid))',
      ],
    },
    rows: [`insert into hidden values (1, 'a', 5), (2, 'b', null)`],
    same: 'select rowid, oid, _rowid_ from hidden order by rowid',
    later: [`update hidden set _rowid_ = 9`],
  },
  {
    name: 'a chain of rows that points backwards',
    tables: [
      'create table chain (id integer primary key, next integer, foreign key (next) references chain (id))',
    ],
    rows: [
      'pragma foreign_keys = off',
      'insert into chain with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000) select i, case when i < 3000 then i + 1 end from n',
    ],
    same: 'select count(*) as n, count(next) as next, sum(next) as sum from chain',
  },
  {
    name: 'references that write their tables in another case',
    only: ['sqlite'],
    tables: [
      'create table cats (id integer primary key, owner integer references OWNERS (id))',
      'create table owners (id integer primary key)',
      'create table streets (id integer primary key)',
      'create table towns (id integer primary key, street integer references STREETS (id))',
    ],
    rows: [
      'insert into owners values (1)',
      'insert into cats values (1, 1)',
      'insert into streets values (1)',
      'insert into towns values (1, 1)',
    ],
    same: 'select id, owner from cats union select id, street from towns',
  },
  {
    name: 'a circle that the primary cannot close',
    tables: [
      'create table a (id integer primary key, b integer not null)',
      'create table b (id integer primary key, a integer not null)',
    ],
    primary: {
      postgres: [
        'create table a (id integer primary key, b integer not null)',
        'create table b (id integer primary key, a integer not null references a (id))',
        'alter table a add foreign key (b) references b (id)',
      ],
      mysql: [
        'create table a (id integer primary key, b integer not null)',
        'create table b (id integer primary key, a integer not null, foreign key (a) references a (id))',
        'alter table a add foreign key (b) references b (id)',
      ],
    },
    only: ['postgres', 'mysql'],
    rows: ['insert into a values (1, 1)', 'insert into b values (1, 1)'],
    refused: ['b  a', 'a  b'],
  },
  {
    name: 'a circle of three that is deferrable',
    tables: ['a', 'b', 'c'].map(
      (name) => `create table ${name} (id integer primary key, other integer not null)`,
    ),
    primary: {
      postgres: [
        ...['a', 'b', 'c'].map(
          (name) => `create table ${name} (id integer primary key, other integer not null)`,
        ),
        ...['a b', 'b c', 'c a'].map((two) => {
          const [from, to] = two.split(' ')
          return `alter table ${from} add foreign key (other) references ${to} (id) deferrable`
        }),
      ],
    },
    only: ['postgres'],
    rows: ['a', 'b', 'c'].map((name) => `insert into ${name} values (1, 1), (2, 1)`),
    same: 'select count(*) as n from a join b on b.id = a.other join c on c.id = b.other',
  },
  {
    name: 'keys of two columns that are pointed at, and unique ones',
    tables: [
      'create table parents (a integer not null, b varchar(9) not null, code varchar(9) not null unique, primary key (a, b))',
      'create table kids (id integer primary key, a integer, b varchar(9), code varchar(9), foreign key (a, b) references parents (a, b), foreign key (code) references parents (code))',
    ],
    rows: [
      `insert into parents values (1, 'x', 'c1'), (1, 'y', 'c2')`,
      `insert into kids values (1, 1, 'y', 'c1'), (2, null, null, null)`,
    ],
    same: 'select * from kids order by id',
  },
  {
    name: 'a trigger that writes to another table which is copied too',
    only: ['postgres'],
    tables: [
      'create table notes (id integer primary key)',
      'create table audits (id integer primary key, what varchar(9))',
    ],
    primary: {
      postgres: [
        'create table notes (id integer primary key)',
        'create table audits (id integer primary key, what varchar(9))',
        `create or replace function audit() returns trigger language plpgsql as $$ begin insert into audits values (new.id + 100, 'new'); return new; end $$`,
        'create trigger audit after insert on notes for each row execute function audit()',
      ],
    },
    rows: ['insert into notes values (1), (2)', `insert into audits values (1, 'mine')`],
    same: 'select id from notes order by id',
  },
  {
    name: 'a trigger that leaves rows out',
    only: ['postgres'],
    tables: ['create table notes (id integer primary key)'],
    primary: {
      postgres: [
        'create table notes (id integer primary key)',
        `create or replace function skip() returns trigger language plpgsql as $$ begin if new.id = 2 then return null; end if; return new; end $$`,
        'create trigger skip before insert on notes for each row execute function skip()',
      ],
    },
    rows: ['insert into notes values (1), (2), (3)'],
    differences: ['notes 2 '],
  },
  {
    name: 'a trigger that refuses',
    tables: ['create table notes (id integer primary key, n integer)'],
    primary: {
      sqlite: [
        'create table notes (id integer primary key, n integer)',
        `create trigger refuse before insert on notes when new.n > 5 begin select raise(abort, 'too many'); end`,
      ],
      postgres: [
        'create table notes (id integer primary key, n integer)',
        `create or replace function refuse() returns trigger language plpgsql as $$ begin if new.n > 5 then raise 'too many'; end if; return new; end $$`,
        'create trigger refuse before insert on notes for each row execute function refuse()',
      ],
      mysql: [
        'create table notes (id integer primary key, n integer)',
        `create trigger refuse before insert on notes for each row if new.n > 5 then signal sqlstate '45000' set message_text = 'too many'; end if`,
      ],
    },
    rows: ['insert into notes values (1, 1), (2, 9), (3, 3), (4, 8)'],
    refused: ['notes 2 ', 'notes 4 '],
  },
  {
    name: 'an index over an expression',
    only: ['postgres', 'sqlite'],
    tables: ['create table mails (id integer primary key, mail varchar(20))'],
    primary: {
      sqlite: [
        'create table mails (id integer primary key, mail varchar(20))',
        'create unique index u on mails (lower(mail))',
      ],
      postgres: [
        'create table mails (id integer primary key, mail varchar(20))',
        'create unique index u on mails (lower(mail))',
      ],
    },
    rows: [`insert into mails values (1, 'a@x'), (2, 'A@X'), (3, 'b@x')`],
    refused: ['mails 2 '],
  },
  {
    name: 'a partitioned table',
    only: ['postgres'],
    tables: ['create table logs (id integer, day date, primary key (id, day))'],
    primary: {
      postgres: [
        'create table logs (id integer, day date, primary key (id, day)) partition by range (day)',
        `create table logs_2024 partition of logs for values from ('2024-01-01') to ('2025-01-01')`,
      ],
    },
    rows: [`insert into logs values (1, '2024-05-05'), (2, '2023-01-01')`],
    refused: ['logs 2, 2023-01-01 '],
  },
  {
    name: 'words of an enumeration, arrays, addresses and domains',
    only: ['postgres'],
    tables: ['create table odd (id integer primary key, mood, tags, host, small)'],
    primary: {
      postgres: [
        'drop type if exists mood',
        `create type mood as enum ('Happy', 'it''s')`,
        'drop domain if exists small',
        'create domain small as integer check (value < 10)',
        'create table odd (id integer primary key, mood mood, tags text[], host inet, small small)',
      ],
    },
    rows: [
      `insert into odd values (1, 'it''s', '{a,b}', '10.0.0.1', 3), (2, 'happy', '{}', '10.0.0.1', 3)`,
      `insert into odd values (3, 'Happy', '{', '10.0.0.1', 3), (4, null, null, 'x', 3), (5, null, null, null, 11)`,
    ],
    refused: ['odd 2 mood', 'odd 3 tags', 'odd 4 host', 'odd 5 small'],
  },
  {
    name: 'JSON that is empty, large and deep',
    only: ['postgres', 'mysql'],
    tables: ['create table docs (id integer primary key, doc)'],
    primary: {
      postgres: ['create table docs (id integer primary key, doc jsonb)'],
      mysql: ['create table docs (id integer primary key, doc json)'],
    },
    rows: [
      `insert into docs values (1, '{}'), (2, '[]'), (3, '""'), (4, 'null'), (5, '  {"b": 1, "a": "\\u00e4"} ')`,
      `insert into docs values (6, '["' || printf('%.*c', 5000000, 'x') || '"]'), (7, '{"":{"":[]}}')`,
    ],
    same: 'select count(*) as n from docs',
  },
  {
    name: 'JSON that nests deeply',
    only: ['postgres'],
    tables: ['create table docs (id integer primary key, doc)'],
    primary: { postgres: ['create table docs (id integer primary key, doc jsonb)'] },
    rows: [`insert into docs values (1, '{}'), (2, printf('%.*c', 9000, '[') || printf('%.*c', 9000, ']'))`],
    same: 'select count(*) as n from docs',
  },
  {
    name: 'bytes that are empty, large and zero',
    tables: ['create table files (id integer primary key, body blob)'],
    primary: {
      postgres: ['create table files (id integer primary key, body bytea)'],
      mysql: ['create table files (id integer primary key, body longblob)'],
    },
    rows: [
      `insert into files values (1, x''), (2, zeroblob(3000000)), (3, randomblob(70000)), (4, null), (5, x'00ff5c')`,
    ],
    same: 'select id, length(body) as n from files order by id',
  },
  {
    name: 'rows that are larger than a page',
    tables: ['create table long_ (id integer primary key, body text)'],
    primary: { mysql: ['create table long_ (id integer primary key, body longtext)'] },
    rows: [
      `insert into long_ with recursive n (i) as (select 1 union all select i + 1 from n where i < 5) select i, printf('%.*c', 3000000, 'x') from n`,
    ],
    same: 'select id, length(body) as n from long_ order by id',
  },
  {
    name: 'three hundred columns',
    tables: [
      `create table wide (id integer primary key, ${many.map((name) => `${name} integer`).join(', ')})`,
    ],
    rows: [`insert into wide (id, c0, c299) values (1, 1, 2), (2, 3, 4)`],
    same: 'select id, c0, c299 from wide order by id',
    later: ['update wide set c150 = 7'],
  },
  {
    name: 'a table that is nothing but its key',
    tables: ['create table keys_ (id integer primary key)'],
    rows: ['insert into keys_ values (1), (2)'],
    same: 'select id from keys_ order by id',
    later: ['delete from keys_ where id = 1', 'insert into keys_ values (3)'],
  },
  {
    name: 'text of every kind',
    tables: ['create table texts (id integer primary key, v text)'],
    primary: { mysql: ['create table texts (id integer primary key, v text character set utf8mb4)'] },
    rows: [
      `insert into texts values (1, char(1, 8, 9, 10, 11, 13, 27, 28, 29, 30, 31, 127)), (2, '\\.'), (3, '\\N'), (4, char(13, 10)), (5, char(65279) || 'bom')`,
      `insert into texts values (6, char(65533)), (7, char(128105, 8205, 128103)), (8, char(1488, 1513)), (9, 'a' || char(769)), (10, ' x '), (11, char(30)), (12, char(31))`,
    ],
    same: 'select id, v from texts order by id',
    later: [`update texts set v = v || '!'`],
  },
  {
    name: 'text that is not UTF-8',
    only: ['postgres', 'mysql'],
    tables: ['create table texts (id integer primary key, v text)'],
    primary: { mysql: ['create table texts (id integer primary key, v text character set utf8mb4)'] },
    rows: [
      `insert into texts values (1, 'fine'), (2, cast(x'61ff62' as text)), (3, char(65533)), (4, cast(x'c3' as text))`,
    ],
    refused: ['texts 2 v', 'texts 4 v'],
  },
  {
    name: 'numbers that a float keeps, and that it does not',
    only: ['postgres', 'mysql'],
    tables: ['create table floats (id integer primary key, v)'],
    primary: {
      postgres: ['create table floats (id integer primary key, v double precision)'],
      mysql: ['create table floats (id integer primary key, v double)'],
    },
    rows: [
      'insert into floats values (1, 0.1), (2, -0.0), (3, 1e-300), (4, 1.7976931348623157e308), (5, 123456789012345678)',
      'insert into floats values (6, 0.1 + 0.2), (7, 9007199254740993)',
    ],
    refused: ['floats 5 v', 'floats 7 v'],
  },
  {
    name: 'a value that one row gave up, and a new one has',
    tables: [
      'create table users (id integer primary key, mail varchar(20) not null unique, boss integer references users (id))',
    ],
    primary: {
      mysql: [
        'create table users (id integer primary key, mail varchar(20) not null unique, boss integer, foreign key (boss) references users (id))',
      ],
    },
    rows: [`insert into users values (1, 'a', null), (2, 'b', 1), (3, 'c', null)`],
    later: [
      `delete from users where id = 3`,
      `insert into users values (4, 'c', 2)`,
      `update users set mail = 'z' where id = 1`,
      `insert into users values (5, 'a', 4)`,
      `update users set boss = 5 where id = 2`,
    ],
    same: 'select id, mail, boss from users order by id',
  },
  {
    name: 'rows that hand a unique value on',
    tables: ['create table places (id integer primary key, place integer not null unique)'],
    rows: ['insert into places values (1, 1), (2, 2), (3, 3)'],
    later: [
      'update places set place = 4 where id = 3',
      'update places set place = 3 where id = 2',
      'update places set place = 2 where id = 1',
    ],
    same: 'select id, place from places order by id',
  },
  {
    name: 'defaults and counters of the primary',
    tables: ['create table d (id integer primary key, a integer)'],
    primary: {
      postgres: [
        'create table d (id bigserial primary key, a integer default 7, b timestamptz not null default now(), c integer generated always as (id * 2) stored)',
      ],
      mysql: [
        'create table d (id bigint primary key auto_increment, a integer default 7, b datetime not null default now(), c integer generated always as (a * 2) stored)',
      ],
    },
    rows: ['insert into d values (1, null), (70, 5)'],
    same: 'select id, a from d order by id',
  },
  {
    name: 'a column that is called as the row id is',
    tables: ['create table named (id integer primary key, rowid varchar(9), Oid varchar(9))'],
    only: ['postgres', 'mysql'],
    rows: [`insert into named ${upTo(300)} select i, 'r' || i, 'o' from n`],
    same: 'select id, rowid, oid from named order by id',
    later: [`update named set rowid = 'changed' where id = 250`],
  },
  {
    name: 'floats whose last digits a driver may read in another way',
    tables: ['create table sevenths (id integer primary key, v real)'],
    only: ['mysql'],
    primary: { mysql: ['create table sevenths (id integer primary key, v double)'] },
    rows: [`insert into sevenths ${upTo(1000)} select i, i / 7.0 from n`],
    later: ['update sevenths set v = -v / 3.0'],
  },
  {
    name: 'floats where the server shows fewer digits',
    tables: ['create table tenths (id integer primary key, v real)'],
    only: ['postgres'],
    primary: {
      postgres: [
        'create table tenths (id integer primary key, v double precision)',
        'set extra_float_digits = 0',
      ],
    },
    rows: [`insert into tenths ${upTo(100)} select i, i * 0.1 + 0.2 from n`],
    later: ['update tenths set v = v / 3.0'],
  },
  {
    name: 'whole numbers that are shown with zeros before them',
    tables: ['create table padded (id integer primary key, v integer)'],
    only: ['mysql'],
    primary: { mysql: ['create table padded (id integer primary key, v integer(8) zerofill)'] },
    rows: ['insert into padded values (1, 42), (2, 0)'],
    later: ['update padded set v = v + 1'],
  },
  {
    name: 'no key in the primary, and no row ids in the stand-in',
    tables: ['create table bare (id integer primary key, n varchar(9)) without rowid'],
    primary: Object.fromEntries(
      dialects.map((dialect) => [dialect, ['create table bare (id integer, n varchar(9))']]),
    ),
    rows: [`insert into bare ${upTo(1500)} select i, 'x' from n`],
    same: 'select id, n from bare order by id',
  },
  {
    name: 'foreign keys that are checked at the end',
    tables: [
      'create table a (id integer primary key)',
      'create table b (id integer primary key, a_id integer)',
    ],
    only: ['postgres'],
    primary: {
      postgres: [
        'create table a (id integer primary key)',
        'create table b (id integer primary key, a_id integer references a deferrable initially deferred)',
      ],
    },
    rows: ['insert into a values (1)', 'insert into b values (1, 1), (2, 99), (3, null), (4, 98)'],
    refused: ['b 2 ', 'b 4 '],
  },
  {
    name: 'whole numbers that a short float keeps, and that it does not',
    tables: ['create table shorts (id integer primary key, v)'],
    only: ['postgres', 'mysql'],
    primary: {
      postgres: ['create table shorts (id integer primary key, v real)'],
      mysql: ['create table shorts (id integer primary key, v float)'],
    },
    rows: [
      'insert into shorts values (1, 0.1), (2, 1234567.89), (3, 16777217), (4, 16777216), (5, -2.5), (6, 3.4e38)',
    ],
    refused: ['shorts 3 v'],
  },
  {
    name: 'domains',
    tables: ['create table prices (id integer primary key, price, paid, at, name)'],
    only: ['postgres'],
    primary: {
      postgres: [
        'create domain price as numeric(10, 2)',
        'create domain fair as price check (value < 100)',
        'create domain paid as boolean',
        'create domain moment as timestamptz',
        'create domain short as varchar(3)',
        'create table prices (id integer primary key, price fair, paid paid, at moment, name short)',
      ],
    },
    rows: [
      `insert into prices values (1, 1.5, 1, 1700000000123, 'abc'), (2, 1.005, 0, null, 'abcd'), (3, 1, 2, 'x', null)`,
    ],
    refused: ['prices 2 price', 'prices 2 name', 'prices 3 paid', 'prices 3 at'],
  },
  {
    name: 'domains and addresses that fit',
    tables: ['create table hosts (id integer primary key, price, paid, at, host, net, words)'],
    only: ['postgres'],
    primary: {
      postgres: [
        'create domain price as numeric(10, 2)',
        'create domain paid as boolean not null',
        'create domain moment as timestamptz',
        'create domain words as text[]',
        'create table hosts (id integer primary key, price price, paid paid, at moment, host inet, net inet, words words)',
      ],
    },
    rows: [
      `insert into hosts values (1, 1.5, 1, 1700000000123, '10.0.0.1', '10.0.0.0/8', '{a,b}'), (2, null, 0, null, '::1', null, null)`,
    ],
    later: ["update hosts set paid = 0, host = '10.0.0.2'"],
  },
  {
    name: 'times that the primary sets at each change',
    tables: [
      'create table nodes (id integer primary key, parent integer references nodes (id), updated_at datetime)',
    ],
    only: ['mysql'],
    primary: {
      mysql: [
        'create table nodes (id integer primary key, parent integer, updated_at datetime not null default current_timestamp on update current_timestamp, foreign key (parent) references nodes (id))',
      ],
    },
    rows: [
      `insert into nodes values (1, 2, '2020-01-01 00:00:00'), (2, null, '2020-01-01 00:00:00'), (3, 1, '2021-01-01 00:00:00')`,
    ],
    same: 'select id, parent, substr(updated_at, 1, 4) as year from nodes order by id',
  },
  {
    name: 'tables whose names begin as those of the library and of knex do',
    tables: ['failsoft_notes', 'knex_migrations_notes'].map(
      (name) => `create table ${name} (id integer primary key, name varchar(9))`,
    ),
    rows: [
      `insert into failsoft_notes values (1, 'a')`,
      `insert into knex_migrations_notes values (1, 'a')`,
      'create table failsoft_here (id integer primary key)',
      'insert into failsoft_here values (1)',
    ],
    refused: ['failsoft_here  '],
  },
  {
    name: 'the bookkeeping of knex',
    tables: [
      'create table knex_migrations (id integer primary key, name varchar(255), batch integer, migration_time datetime)',
      'create table knex_migrations_lock ("index" integer primary key, is_locked integer)',
      'create table failsoft_notes (id integer primary key)',
    ],
    primary: {
      postgres: ['create table failsoft_notes (id integer primary key)'],
      mysql: ['create table failsoft_notes (id integer primary key)'],
      sqlite: ['create table failsoft_notes (id integer primary key)'],
    },
    rows: [
      `insert into knex_migrations values (1, 'a.js', 1, 1700000000000)`,
      'insert into knex_migrations_lock values (1, 0)',
      'insert into failsoft_notes values (1)',
    ],
    same: 'select id from failsoft_notes',
  },
  {
    name: 'columns that the primary alone computes',
    tables: ['create table prices (id integer primary key, net integer, gross integer)'],
    primary: Object.fromEntries(
      dialects.map((dialect) => [
        dialect,
        [
          'create table prices (id integer primary key, net integer, gross integer generated always as (net * 2) stored)',
        ],
      ]),
    ),
    rows: ['insert into prices values (1, 5, 10), (2, 5, null), (3, 5, 11)'],
    refused: ['prices 1 gross', 'prices 3 gross'],
  },
]

/** Numbers from 1 on, as `i` of `n`. */
function upTo(last: number): string {
  return `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${last})`
}

const placeOf = ({ table, key, column = '' }: { table: string; key: string; column?: string }): string =>
  `${table} ${key} ${column}`

async function run(t: Test, place: Place, one: Case): Promise<void> {
  const standIn = await standInWith(t, [...one.tables, ...one.rows])
  await remake(place, one.primary?.[place.dialect as 'mysql'] ?? one.tables)
  const dry = await promote(standIn, place, { dryRun: true })
  t.strictSame(dry.differences.map(placeOf), one.refused ?? [], `the dry run: ${JSON.stringify(dry.problem)}`)
  if (one.refused) {
    t.match(await promote(standIn, place), { done: false, rows: 0, problem: { code: 'fallback-has-data' } })
    return
  }
  const report = await promote(standIn, place)
  t.match(report, { done: true }, JSON.stringify(report.problem))
  t.strictSame(report.differences.map(placeOf), one.differences ?? [])
  for (const sql of one.later ?? []) await standIn.raw(sql)
  const again = await promote(standIn, place)
  if (one.laterRefused) {
    t.match(again, { done: false, rows: 0 })
    t.strictSame(again.differences.map(placeOf), one.laterRefused)
    return
  }
  t.match(again, { done: true }, JSON.stringify(again.problem))
  t.strictSame(again.differences.map(placeOf), one.laterDifferences ?? one.differences ?? [])
  if (one.same === undefined) return
  const shown = (rows: Record<string, unknown>[]): string =>
    JSON.stringify(rows.map((row) => Object.values(row).map(String)))
  t.equal(
    shown(await rowsIn(place.primary, one.same)).replaceAll(/ +"/g, '"'),
    shown(await rowsIn(standIn, one.same)).replaceAll(/ +"/g, '"'),
  )
}

/** Promotes each schema into the places that are picked for it, of those that can hold it. */
export function promoteSchemas(
  t: Test,
  places: readonly Place[],
  pick: (able: readonly Place[], index: number) => readonly Place[],
): void {
  for (const [index, one] of cases.entries()) {
    const able = places.filter(({ dialect }) => one.only?.includes(dialect as 'mysql') ?? true)
    for (const place of pick(able, index))
      void t.test(`${place.dialect}: ${one.name}`, (t) => run(t, place, one))
  }
}
