import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { problem, type Problem } from '../problem/problem.ts'
import { describeFile } from '../resolve/sqlite-location.ts'

/** Makes the directory of a SQLite file, for this user alone, where there is none; says what is wrong where it cannot. */
export function makeDirectory(filename: string): Problem | undefined {
  if (filename === ':memory:') return undefined
  try {
    mkdirSync(dirname(filename), { recursive: true, mode: 0o700 })
    return undefined
  } catch {
    return problem('sqlite-directory-missing', { target: describeFile(filename) })
  }
}
