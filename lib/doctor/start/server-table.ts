import { modelServers } from './servers/model-servers.ts'
import { nodeServers } from './servers/node-servers.ts'
import { otherServers } from './servers/other-servers.ts'
import { pythonServers } from './servers/python-servers.ts'
import type { ServerRow, ServerTable } from './servers/server-row.ts'

const servers: ServerTable = { ...pythonServers, ...modelServers, ...nodeServers, ...otherServers }

/** Names by which a program is started as well. */
const others: Readonly<Record<string, string>> = {
  'streamlit.web.cli': 'streamlit',
  'uvicorn.main': 'uvicorn',
  waitress: 'waitress-serve',
  'gunicorn.app.wsgiapp': 'gunicorn',
  'jupyter-lab': 'jupyter',
  'jupyter-notebook': 'jupyter',
  'jupyter-server': 'jupyter',
  jupyterlab: 'jupyter',
  notebook: 'jupyter',
  'tensorboard.main': 'tensorboard',
}

/** The name in the table of a program, or of a module of `python -m`. */
export function nameOfServer(program: string): string {
  return Object.hasOwn(others, program) ? others[program]! : program
}

/** How a program learns where to listen; nothing for one that nobody here knows. */
export function findServerRows(name: string): readonly ServerRow[] | undefined {
  return Object.hasOwn(servers, name) ? servers[name] : undefined
}
