import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Knex } from 'knex'
import { openSqlite, type OpenSqliteOptions } from '#lib/engine/sqlite/open-sqlite.js'

interface Owner {
  teardown(end: () => unknown): void
}

/** A directory that is gone after the test. */
export function temporaryDirectory(t: Owner): string {
  const directory = mkdtempSync(join(tmpdir(), 'failsoft-sqlite-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Opens a database that is closed after the test, in a temporary file unless named. */
export function open(
  t: Owner,
  options: Partial<OpenSqliteOptions> & { filename?: string; params?: Record<string, string> } = {},
): Knex {
  const { filename = join(temporaryDirectory(t), 'test.db'), params = {}, ...rest } = options
  const filesystem = filename === ':memory:' ? 'memory' : 'local'
  const opened = openSqlite({ filename, params }, { role: 'fallback', filesystem, ...rest })
  if (!opened.ok) throw new Error(opened.problem.message)
  t.teardown(() => opened.knex.destroy())
  return opened.knex
}
