import { isMap, LineCounter, parseDocument, type Scalar } from 'yaml'
import { validateUrl } from '../../url/index.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { checkUrl } from './database-url.ts'

const fileNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']

interface Service {
  readonly profiles?: readonly string[]
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>
  readonly environment?: readonly unknown[] | Readonly<Record<string, unknown>> | null
}

/** Nothing of Docker Compose is needed: a Space runs one container. */
export function checkCompose(project: Project): Finding[] {
  const started = project.serving?.processes.find(({ words }) =>
    /^(?:docker|docker-compose|podman)$/.test(words[0] ?? ''),
  )
  const assumed = started ? [finding('compose-assumed', started.place)] : []
  const file = fileNames.find((name) => project.names.includes(name))
  return file ? [...assumed, ...checkFile(project, file)] : assumed
}

function checkFile(project: Project, file: string): Finding[] {
  const counter = new LineCounter()
  const document = parseDocument(project.folder.text(file), {
    lineCounter: counter,
    prettyErrors: false,
    logLevel: 'error',
  })
  const [error] = document.errors
  if (error) {
    const why = error.message.replace(/[.\s]+$/, '')
    return [finding('compose-invalid', { file, line: counter.linePos(error.pos[0]).line }, { file, why })]
  }
  const node = document.get('services')
  if (!isMap(node)) return []
  const services = node.toJSON() as Readonly<Record<string, Service | null>>
  const lines = new Map(
    node.items.map(({ key }) => [String(key), counter.linePos((key as Scalar.Parsed).range[0]).line]),
  )
  return [
    ...checkServices(services, file, lines),
    ...checkUrls(services, file, lines),
    ...checkHosts(project, Object.keys(services), file),
  ]
}

function checkServices(
  services: Readonly<Record<string, Service | null>>,
  file: string,
  lines: ReadonlyMap<string, number>,
): Finding[] {
  return Object.entries(services).flatMap(([app, service]) => {
    if (!service || service.profiles?.length) return []
    const needed = Array.isArray(service.depends_on)
      ? (service.depends_on as string[])
      : Object.keys(service.depends_on ?? {})
    return needed.length === 0
      ? []
      : [finding('compose-service', { file, line: lines.get(app)! }, { app, services: needed.join(', ') })]
  })
}

/** A URL for development is one that can be used, too. */
function checkUrls(
  services: Readonly<Record<string, Service | null>>,
  file: string,
  lines: ReadonlyMap<string, number>,
): Finding[] {
  return Object.entries(services).flatMap(([app, service]) => {
    const { environment } = service ?? {}
    const pairs = Array.isArray(environment)
      ? environment.map((each) => /^(\w+)=([^]*)$/.exec(String(each))?.slice(1) ?? [])
      : Object.entries(environment ?? {})
    return pairs.flatMap(([name, value]) => {
      const place = { file, line: lines.get(app)! }
      return typeof value === 'string' ? checkUrl(name, value, place, 'note') : []
    })
  })
}

/** No variable of the image names a service as a host. */
function checkHosts({ image }: Project, services: readonly string[], compose: string): Finding[] {
  return [...(image?.settings ?? [])].flatMap(([variable, { value, line }]) => {
    const result = /^[a-z][\w+.-]*:/i.test(value) ? validateUrl(value) : undefined
    const isServer = result?.valid && result.target.dialect !== 'sqlite'
    const hosts = isServer && 'hosts' in result.target ? result.target.hosts.map(({ host }) => host) : [value]
    const host = /HOST$|URL$/.test(variable) ? hosts.find((name) => services.includes(name)) : undefined
    return host ? [finding('compose-host', { file: 'Dockerfile', line }, { variable, host, compose })] : []
  })
}
