import type { Part } from './part.ts'
import { blockingPart } from './parts/blocking.ts'
import { bootPart } from './parts/boot.ts'
import { downPart } from './parts/down.ts'
import { fastapiPart } from './parts/fastapi.ts'
import { importPart } from './parts/import.ts'
import { memoryPart } from './parts/memory.ts'
import { outagesPart } from './parts/outages.ts'
import { poolsPart } from './parts/pools.ts'
import { promotePart } from './parts/promote.ts'
import { queryPart } from './parts/query.ts'
import { replicaPart } from './parts/replica.ts'
import { rowsPart } from './parts/rows.ts'
import { serversPart } from './parts/servers.ts'
import { driversPart, sqlitePart } from './parts/sqlite.ts'
import { startPart } from './parts/start.ts'
import { urlPart } from './parts/url.ts'

/** All parts, by the names under which they can be run alone. */
export const parts: Readonly<Record<string, Part>> = {
  url: urlPart,
  import: importPart,
  query: queryPart,
  pools: poolsPart,
  boot: bootPart,
  start: startPart,
  sqlite: sqlitePart,
  drivers: driversPart,
  blocking: blockingPart,
  fastapi: fastapiPart,
  servers: serversPart,
  down: downPart,
  rows: rowsPart,
  promote: promotePart,
  replica: replicaPart,
  memory: memoryPart,
  outages: outagesPart,
}
