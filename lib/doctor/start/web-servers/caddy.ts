import { changes } from '../changes.ts'
import { lineAt } from '../../line-at.ts'
import { fileAt } from '../container-path.ts'
import { findFlag } from '../../shell/flags.ts'
import { listening, splitAddress, type Answer, type Container, type Process } from '../listening.ts'

/** Caddy: `file-server --listen`, or the addresses of a Caddyfile. */
export function readCaddy(args: Process['words'], process: Process, container: Container): Answer {
  if (args[0] === 'file-server') {
    const given = findFlag(args, ['--listen', '-l']) ?? (args.includes(undefined) ? null : ':80')
    const address = given === null ? undefined : splitAddress(given)
    return address ? [listening('Caddy', address.port, address.host || '0.0.0.0', process.place)] : 'unknown'
  }
  if (changes(container, /caddyfile|\/etc\/caddy|caddy\.json/i)) return 'unknown'
  const name = args[0] === 'run' ? (findFlag(args, ['--config', '-c']) ?? 'Caddyfile') : null
  const file = name ? fileAt(name, process, container) : undefined
  const text = file === undefined ? undefined : container.folder.read(file)
  if (text === undefined) return 'unknown'
  // The first column holds the addresses of sites; what is no plain one may be any.
  const sites = [...text.matchAll(/^([^\s#{}][^\n{]*)(?:\{[^\n]*)?$/gm)]
  const ports = sites.map((match) => ({
    port: /^(?:https?:\/\/)?[\w.*-]*:(\d+)\s*$/.exec(match[1]!)?.[1],
    place: { file: file!, line: lineAt(text, match.index) },
  }))
  return ports.length > 0
    ? ports.map(({ port, place }) => listening('Caddy', port, '0.0.0.0', place))
    : 'unknown'
}
