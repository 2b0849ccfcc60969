import { lineAt } from '../../line-at.ts'
import { listening, splitAddress, type Answer, type Container, type Process } from '../listening.ts'
import { changes } from '../changes.ts'
import { filesBelow } from '../copied-files.ts'

/** Apache: `Listen` of a configuration that is copied in; 80 where none is. */
export function readApache(_args: Process['words'], process: Process, container: Container): Answer {
  if (changes(container, /\/etc\/apache2|ports\.conf|apache2?\.conf|httpd\S*\.conf|sites-|\bListen\b/))
    return 'unknown'
  const copied = ['/etc/apache2', '/usr/local/apache2/conf'].map((top) => filesBelow(top, container))
  if (copied.includes('unknown')) return 'unknown'
  const listens = copied.flat().flatMap((each) => {
    if (each === 'unknown') return []
    const { file, text } = each
    return [...text.matchAll(/^\s*Listen\s+(\S+)/gm)].map(({ 1: value, index }) => {
      const address = /^\d+$/.test(value!) ? { host: '0.0.0.0', port: value } : splitAddress(value!)
      return listening('Apache', address?.port, address?.host, { file, line: lineAt(text, index) })
    })
  })
  return listens.length > 0 ? listens : [listening('Apache', '80', '0.0.0.0', process.place)]
}
