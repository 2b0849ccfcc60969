import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import type { Listening } from '../start/listening.ts'

const loopback = /^(?:127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/i

/** The app listens on the port that the Space opens, where connections from outside arrive. */
export function checkListening({ serving, port: expected }: Project): Finding[] {
  if (!serving) return []
  const { servers, isComplete } = serving
  if (servers.some(({ port, host }) => port === expected && host !== undefined && !loopback.test(host)))
    return []
  // What cannot be known may be the one that serves.
  if (!isComplete || servers.some(({ port }) => port === undefined)) return []
  const onPort = servers.filter(({ port }) => port === expected)
  if (onPort.length > 0) return onPort.flatMap((server) => checkHost(server, expected))
  const main = servers.at(-1)!
  return [...checkHost(main, expected), checkPort(main, expected, serving.processes)]
}

function checkHost({ program, host, place }: Listening, expected: number): Finding[] {
  if (host === undefined || !loopback.test(host)) return []
  const isPython = place.file.endsWith('.py')
  const cure = (isPython ? pythonCures[program] : undefined) ?? cures[program] ?? '0.0.0.0'
  const values = { program, host, cure: cure.replace('{port}', String(expected)) }
  return [finding('bound-to-loopback', place, values)]
}

/** How each program is told to listen on all interfaces. */
const cures: Readonly<Record<string, string>> = {
  uvicorn: '--host 0.0.0.0',
  gunicorn: '--bind 0.0.0.0:{port}',
  hypercorn: '--bind 0.0.0.0:{port}',
  daphne: '--bind 0.0.0.0',
  flask: '--host 0.0.0.0',
  fastapi: '--host 0.0.0.0',
  Flask: "app.run(host='0.0.0.0', port={port})",
  Gradio: 'ENV GRADIO_SERVER_NAME=0.0.0.0',
  streamlit: '--server.address 0.0.0.0',
  'manage.py': 'python manage.py runserver 0.0.0.0:{port}',
  vite: '--host 0.0.0.0',
  php: 'php -S 0.0.0.0:{port}',
  'ASP.NET': 'ENV ASPNETCORE_URLS=http://+:{port}',
}

/** The same in a program. */
const pythonCures: Readonly<Record<string, string>> = {
  uvicorn: 'host="0.0.0.0"',
  hypercorn: 'config.bind = ["0.0.0.0:{port}"]',
}

function checkPort(
  { program, port, written = '', place }: Listening,
  expected: number,
  processes: readonly { readonly words: readonly (string | undefined)[] }[],
): Finding {
  if (port !== null) return finding('port-mismatch', place, { program, port: port!, expected })
  if (written.includes('$')) return finding('variable-not-expanded', place, { program, written, expected })
  const variable = processes.some(({ words }) => words.length > 0) ? 'PORT' : ''
  return written === ''
    ? finding('port-not-set', place, { program, variable, expected })
    : finding('port-not-a-number', place, { program, written, expected })
}
