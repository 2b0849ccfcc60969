import { fileAt } from './container-path.ts'
import { findFlag } from '../shell/flags.ts'
import type { Answer, Container, Process } from './listening.ts'
import { readServer } from './read-server.ts'
import { findServerRows, nameOfServer } from './server-table.ts'
import { streamlitRows } from './streamlit.ts'

/** Reads a program of the table; nothing for one that is not in it. */
export function readKnown(
  program: string,
  args: Process['words'],
  process: Process,
  container: Container,
): Answer | undefined {
  const name = nameOfServer(program)
  const rows = name === 'streamlit' ? streamlitRows(process, container) : findServerRows(name)
  if (!rows) return undefined
  const words = program === name || !program.startsWith('jupyter-') ? args : [program.slice(8), ...args]
  const read = readServer(name, rows, words, process)
  const isConfigured = rows.some(({ files = [] }) => files.some((file) => fileAt(file, process, container)))
  if (!isConfigured || typeof read === 'string') return read
  // A file may say otherwise where the command line says nothing.
  const isGiven = (part: 'port' | 'host'): boolean =>
    rows.some((row) => findFlag(words, row[part]?.flags ?? []) !== undefined)
  if (!isGiven('port')) return 'unknown'
  return read.map((each) => ({ ...each, host: isGiven('host') ? each.host : undefined }))
}
