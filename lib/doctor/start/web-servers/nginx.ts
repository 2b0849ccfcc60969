import type { Known } from '../../environment.ts'
import { lineAt } from '../../line-at.ts'
import { fileAt } from '../container-path.ts'
import { findFlag } from '../../shell/flags.ts'
import {
  listening,
  splitAddress,
  type Answer,
  type Container,
  type Listening,
  type Process,
} from '../listening.ts'
import { changes } from '../changes.ts'
import { filesBelow, type CopiedFile } from '../copied-files.ts'

const parts =
  /^\/etc\/nginx\/(?:conf\.d\/[^/]+\.conf|templates\/[^/]+\.template|sites-(?:enabled|available)\/.+|http\.d\/[^/]+\.conf)$/

const configuration = /\/etc\/nginx|nginx\S*\.(?:conf|template)|default\.conf|conf\.d|sites-/

/** nginx: the `listen` of every configuration that is copied in; 80 where none is. */
export function readNginx(args: Process['words'], process: Process, container: Container): Answer {
  const { image } = container
  if (changes(container, configuration)) return 'unknown'
  const given = findFlag(args, ['-c'])
  if (given !== undefined) return readGiven(given, process, container)
  const copied = filesBelow('/etc/nginx', container)
  if (copied === 'unknown') return 'unknown'
  const main = copied.find(({ path }) => path === '/etc/nginx/nginx.conf')
  const included = copied.filter(({ path }) => parts.test(path))
  const includes = !main || /include\s+\S*(?:conf\.d|sites-enabled|http\.d)/.test(main.text)
  const used = [...(main ? [main] : []), ...(includes ? included : [])]
  const listens = used.flatMap((each) => listensIn(each, process))
  const isOfficial = image.base?.name.startsWith('nginx') === true
  const isReplaced = main || included.some(({ path }) => /\/default\.conf(?:\.template)?$/.test(path))
  if (isOfficial && !isReplaced) {
    const port = image.base.name.includes('unprivileged') ? '8080' : '80'
    listens.push(listening('nginx', port, '0.0.0.0', process.place))
  }
  return listens.length > 0 ? listens : 'unknown'
}

function readGiven(name: Known, process: Process, container: Container): Answer {
  const file = name ? fileAt(name, process, container) : undefined
  const text = file === undefined ? undefined : container.folder.read(file)
  if (text === undefined || /^\s*include\s+(?!\S*(?:mime\.types|_params))/m.test(text)) return 'unknown'
  const listens = listensIn({ file: file!, text }, process)
  return listens.length > 0 ? listens : 'unknown'
}

function listensIn({ file, text }: Omit<CopiedFile, 'path'>, { environment }: Process): Listening[] {
  const plain = text.replaceAll(/#[^\n]*/g, (comment) => ' '.repeat(comment.length))
  return [...plain.matchAll(/\blisten\s+([^\s;]+)[^;]*;/g)].map((match) => {
    const value = match[1]!.replaceAll(/\$\{(\w+)\}/g, (all, name: string) => environment.get(name) ?? all)
    const address = /^\d+$/.test(value) ? { host: '', port: value } : splitAddress(value)
    const isKnown = address && /^\d*$/.test(address.port ?? '')
    const host = !address?.host || address.host === '*' ? '0.0.0.0' : address.host
    const port = isKnown ? address.port || '80' : undefined
    return listening('nginx', port, host, { file, line: lineAt(text, match.index) })
  })
}
