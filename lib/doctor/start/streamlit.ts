import { readToml } from '../toml.ts'
import { fileAt } from './container-path.ts'
import type { ContainerFiles, Process } from './listening.ts'
import { findServerRows } from './server-table.ts'
import type { ServerRow } from './servers/server-row.ts'

/** How streamlit learns where to listen: `.streamlit/config.toml` gives the defaults. */
export function streamlitRows(process: Process, files: ContainerFiles): readonly ServerRow[] {
  const [row] = findServerRows('streamlit')!
  const path = fileAt('.streamlit/config.toml', process, files)
  const config = path === undefined ? {} : readToml(files.folder.text(path))
  // A file that cannot be read may say anything.
  if (!config) return [{ ...row!, needsBind: true }]
  const { port, address } = (config['server'] ?? {}) as { port?: unknown; address?: unknown }
  return [
    {
      ...row,
      port: { ...row!.port, ...(typeof port === 'number' ? { default: String(port) } : {}) },
      host: { ...row!.host, ...(typeof address === 'string' ? { default: address } : {}) },
    },
  ]
}
