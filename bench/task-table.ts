import { createRequire } from 'node:module'
import { join } from 'node:path'
import { startService, temporaryDirectory, type Program, type Service } from './service.ts'

/** The title of the n-th task. */
export const title = (n: number): string => `Task ${String(n).padStart(7, '0')}`
/** When the n-th task was made. */
export const createdAt = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString()

/** Starts the app on a file with so many tasks. While they are written, no other program has it open. */
export async function startOnTable({ file, env }: Program, rows: number): Promise<Service> {
  const filename = join(temporaryDirectory(), 'app.db')
  const program = { file, env: { ...env, DATABASE_URL: `sqlite:///${filename}` } }
  const first = await startService(program)
  await first.stop()
  fill(filename, rows)
  return startService(program)
}

interface Sqlite {
  function(name: string, make: (n: number) => string): void
  exec(sql: string): void
  close(): void
}

function fill(filename: string, rows: number): void {
  const Sqlite3 = createRequire(import.meta.url)('better-sqlite3') as new (filename: string) => Sqlite
  const file = new Sqlite3(filename)
  file.function('title_of', title)
  file.function('time_of', createdAt)
  file.exec(`
    pragma synchronous = off;
    with recursive n(n) as (select 0 union all select n + 1 from n where n + 1 < ${rows})
    insert into tasks (id, title, description, completed, created_at, updated_at, search)
    select lower(hex(randomblob(4))) || '-0000-7000-8000-' || lower(hex(randomblob(6))),
      title_of(n), 'Something to do', n % 2, time_of(n), time_of(n), lower(title_of(n)) || char(31) || 'something to do'
    from n;
    pragma wal_checkpoint(truncate);
    analyze;`)
  file.close()
}
