import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'

/** A folder for all tests of a file, gone after them. What `t.testdir` makes at the top is one for the whole process. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'failsoft-test-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
