import { posix } from 'node:path'
import { readToml } from '../toml.ts'
import { changes } from './changes.ts'
import { fileAt } from './container-path.ts'
import type { Container, Process } from './listening.ts'
import { findServerRows } from './server-table.ts'
import type { ServerRow } from './servers/server-row.ts'

const file = '.streamlit/config.toml'

/** How streamlit learns where to listen: `.streamlit/config.toml`, beside the app or in the user's folder, gives the defaults. */
export function streamlitRows(process: Process, container: Container): readonly ServerRow[] {
  const [row] = findServerRows('streamlit')!
  const home = process.environment.get('HOME') ?? '/root'
  const path = fileAt(file, process, container) ?? container.locate(posix.join(home, file))
  const config = path === undefined ? {} : readToml(container.folder.text(path))
  // A file that cannot be read, or that the build or the start writes, may say anything.
  if (!config || changes(container, /\.streamlit|config\.toml/)) return [{ ...row!, needsBind: true }]
  const { port, address } = (config['server'] ?? {}) as { port?: unknown; address?: unknown }
  return [
    {
      ...row,
      port: { ...row!.port, ...(typeof port === 'number' ? { default: String(port) } : {}) },
      host: { ...row!.host, ...(typeof address === 'string' ? { default: address } : {}) },
    },
  ]
}
