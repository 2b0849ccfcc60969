import { cockroachdb } from './dialects/cockroachdb.ts'
import type { Kind, ServerKind, FileKind } from './dialects/kind.ts'
import { mysql, mysqlWithoutSockets } from './dialects/mysql.ts'
import { postgres } from './dialects/postgres.ts'
import { file, sqlite } from './dialects/sqlite.ts'

/** What is known of each dialect. */
export const dialects: Readonly<Record<ServerKind['dialect'], ServerKind>> & { readonly sqlite: FileKind } = {
  postgres,
  cockroachdb,
  mysql,
  sqlite,
}

/** Every scheme that is read, in lower case, and what it stands for. */
export const kinds: ReadonlyMap<string, Kind> = new Map(
  [...Object.values(dialects), mysqlWithoutSockets, file].flatMap((kind: Kind) =>
    kind.schemes.map((scheme) => [scheme, kind] as const),
  ),
)
