import { posix } from 'node:path'
import { parse as parseToml } from 'smol-toml'
import type { StageState } from '../dockerfile/stage-state.ts'
import {
  listening,
  splitAddress,
  type Answer,
  type ContainerFiles,
  type Listening,
  type Process,
} from './listening.ts'
import { findFlag, readServer } from './read-server.ts'
import { servers } from './server-table.ts'

/** Streamlit: the command line, the environment, `.streamlit/config.toml`. */
export function readStreamlit(
  args: readonly (string | undefined)[],
  process: Process,
  files: ContainerFiles,
): Answer {
  const path =
    process.workingDirectory === undefined
      ? undefined
      : files.locate(posix.resolve(process.workingDirectory, '.streamlit/config.toml'))
  const config = path === undefined ? {} : readToml(files.folder.read(path) ?? '')
  if (!config) return 'unknown'
  const { port, address } = (config['server'] ?? {}) as { port?: unknown; address?: unknown }
  const [row] = servers['streamlit']!
  const configured = {
    ...row,
    port: { ...row!.port!, ...(port === undefined ? {} : { default: `${port as number}` }) },
    host: { ...row!.host!, ...(typeof address === 'string' ? { default: address } : {}) },
  }
  return readServer('streamlit', [configured], args, process)
}

/** Parses TOML; nothing where the text is none. */
export function readToml(text: string): Record<string, unknown> | undefined {
  try {
    return parseToml(text)
  } catch {
    return undefined
  }
}

/** nginx: the `listen` of every configuration that is copied in; 80 where none is. */
export function readNginx(process: Process, image: StageState, files: ContainerFiles): Answer {
  if (changes(image, /nginx/)) return 'unknown'
  const copied = filesBelow('/etc/nginx', image, files)
  if (copied === 'unknown') return 'unknown'
  const main = copied.find(({ path }) => path === '/etc/nginx/nginx.conf')
  const parts = copied.filter(({ path }) =>
    /^\/etc\/nginx\/(?:conf\.d\/[^/]+\.conf|templates\/[^/]+\.template|sites-enabled\/.+|http\.d\/[^/]+\.conf)$/.test(
      path,
    ),
  )
  const used =
    main && !/include\s+\S*(?:conf\.d|sites-enabled|http\.d)/.test(main.text)
      ? [main]
      : [...(main ? [main] : []), ...parts]
  const listens = used.flatMap(({ file, text }) => listensIn(file, text, process))
  const hasDefault =
    image.base?.name.startsWith('nginx') === true &&
    !parts.some(({ path }) => path.endsWith('/default.conf')) &&
    !main
  const port = image.base?.name.includes('unprivileged') ? '8080' : '80'
  if (hasDefault) listens.push(listening('nginx', port, '0.0.0.0', process.place))
  return listens.length > 0 ? listens : 'unknown'
}

function listensIn(file: string, text: string, process: Process): Listening[] {
  const plain = text.replaceAll(/#[^\n]*/g, (comment) => ' '.repeat(comment.length))
  return [...plain.matchAll(/\blisten\s+([^\s;]+)[^;]*;/g)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length
    const value = match[1]!.replaceAll(
      /\$\{(\w+)\}/g,
      (all, name: string) => process.environment.get(name) ?? all,
    )
    const address = /^\d+$/.test(value) ? { host: '0.0.0.0', port: value } : splitAddress(value)
    const isKnown = address && /^\d*$/.test(address.port ?? '')
    return listening(
      'nginx',
      isKnown ? address.port || '80' : undefined,
      address?.host === '*' ? '0.0.0.0' : address?.host || '0.0.0.0',
      { file, line },
    )
  })
}

/** Apache: `Listen` of a configuration that is copied in; 80 where none is. */
export function readApache(process: Process, image: StageState, files: ContainerFiles): Answer {
  if (changes(image, /apache|httpd|ports\.conf|Listen/)) return 'unknown'
  const copied = [
    filesBelow('/etc/apache2', image, files),
    filesBelow('/usr/local/apache2/conf', image, files),
  ]
  if (copied.includes('unknown')) return 'unknown'
  const listens = copied.flat().flatMap((each) => {
    if (each === 'unknown') return []
    return [...each.text.matchAll(/^\s*Listen\s+(\S+)/gm)].map((match) => {
      const address = /^\d+$/.test(match[1]!) ? { host: '0.0.0.0', port: match[1]! } : splitAddress(match[1]!)
      return listening('Apache', address?.port, address?.host, {
        file: each.file,
        line: each.text.slice(0, match.index).split('\n').length,
      })
    })
  })
  return listens.length > 0 ? listens : [listening('Apache', '80', '0.0.0.0', process.place)]
}

/** Caddy: the first addresses of a Caddyfile. */
export function readCaddy(
  args: readonly (string | undefined)[],
  process: Process,
  files: ContainerFiles,
): Answer {
  const name = findFlag(args, ['--config', '-c']) ?? 'Caddyfile'
  const path =
    name === null || process.workingDirectory === undefined
      ? undefined
      : files.locate(posix.resolve(process.workingDirectory, name))
  const text = path === undefined ? undefined : files.folder.read(path)
  if (text === undefined) return 'unknown'
  const sites = [...text.matchAll(/^(?:https?:\/\/)?(?:[\w.*-]*):(\d+)(?=[\s,{]|$)/gm)]
  return sites.length > 0
    ? sites.map((match) =>
        listening('Caddy', match[1], '0.0.0.0', {
          file: path!,
          line: text.slice(0, match.index).split('\n').length,
        }),
      )
    : 'unknown'
}

/** Spring Boot: the command line, the environment, the properties. */
export function readJava(
  args: readonly (string | undefined)[],
  process: Process,
  files: ContainerFiles,
): Answer {
  const { folder } = files
  const builds = ['pom.xml', 'build.gradle', 'build.gradle.kts']
    .map((name) => folder.read(name) ?? '')
    .join('\n')
  if (!builds.includes('spring-boot-starter-web') || args.includes(undefined)) return 'unknown'
  const words = [
    ...(args as string[]),
    ...(process.environment.get('JAVA_TOOL_OPTIONS') ?? '').split(' '),
    ...(process.environment.get('JAVA_OPTS') ?? '').split(' '),
  ]
  const flag = words
    .map((word) => /^(?:--|-D)server\.port=(.*)$/.exec(word)?.[1])
    .find((value) => value !== undefined)
  if (flag !== undefined) return [listening('Spring Boot', flag, '0.0.0.0', process.place)]
  const variable = process.environment.get('SERVER_PORT')
  if (variable) return [listening('Spring Boot', variable, '0.0.0.0', process.place)]
  if (
    folder.files.some((file) =>
      /resources\/(?:application(?:-\w+)?\.ya?ml|application-\w+\.properties|config\/)/.test(file),
    )
  )
    return 'unknown'
  const path = 'src/main/resources/application.properties'
  const text = folder.read(path) ?? ''
  const match = /^\s*server\.port\s*[=:]\s*(\S+)/m.exec(text)
  if (!match) return [listening('Spring Boot', '8080', '0.0.0.0', process.place)]
  const place = { file: path, line: text.slice(0, match.index).split('\n').length }
  const placeholder = /^\$\{(\w+)(?::([^}]*))?\}$/.exec(match[1]!)
  const value = placeholder ? process.environment.get(placeholder[1]!) : match[1]
  return [listening('Spring Boot', value === null ? placeholder?.[2] : value, '0.0.0.0', place)]
}

/** Jupyter: only what the command line says. */
export function readJupyter(args: readonly (string | undefined)[], process: Process): Answer {
  const port = findFlag(args, ['--port', '--ServerApp.port', '--NotebookApp.port'])
  const host = findFlag(args, ['--ip', '--ServerApp.ip', '--NotebookApp.ip'])
  return port && host
    ? [listening('Jupyter', port, host === '*' ? '0.0.0.0' : host, process.place)]
    : 'unknown'
}

function changes(image: StageState, pattern: RegExp): boolean {
  return image.steps.some(
    ({ instruction }) =>
      instruction.keyword === 'RUN' &&
      /\b(?:sed|tee|echo|cat|printf|envsubst|rm|mv|cp|ln)\b/.test(instruction.text) &&
      pattern.test(instruction.text),
  )
}

interface CopiedFile {
  readonly path: string
  readonly file: string
  readonly text: string
}

/** The files of the folder that are copied below a path of the image. */
function filesBelow(
  top: string,
  image: StageState,
  { folder, locate }: ContainerFiles,
): CopiedFile[] | 'unknown' {
  const found = new Map<string, CopiedFile>()
  for (const { destination, sources, from, instruction } of image.copies) {
    if (destination === undefined || instruction.hasHeredoc) return 'unknown'
    const isBelow = destination.startsWith(`${top}/`) || destination.replace(/\/$/, '') === top
    if (!isBelow) continue
    if (from !== undefined) return 'unknown'
    for (const source of sources) {
      const base = source.replace(/^\.?\//, '').replace(/\/$/, '')
      const inside = folder.files.filter(
        (file) => file === base || file.startsWith(`${base}/`) || base === '',
      )
      for (const file of inside) {
        const paths = [
          destination,
          posix.join(destination, posix.basename(file)),
          posix.join(destination, posix.relative(base, file)),
        ]
        const path = paths.find((each) => locate(each) === file)
        if (path) found.set(path, { path, file, text: folder.read(file) ?? '' })
      }
    }
  }
  return [...found.values()]
}
