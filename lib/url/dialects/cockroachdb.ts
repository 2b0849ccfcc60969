import type { ServerKind } from './kind.ts'
import { postgres } from './postgres.ts'

/** CockroachDB, which speaks PostgreSQL's protocol. */
export const cockroachdb: ServerKind = {
  ...postgres,
  dialect: 'cockroachdb',
  name: 'CockroachDB',
  scheme: 'cockroachdb',
  schemes: 'cockroachdb cockroach crdb cdb cr'.split(' '),
  example: 'cockroachdb://user:password@host/database',
  defaultPort: 26_257,
  sockets: false,
}
