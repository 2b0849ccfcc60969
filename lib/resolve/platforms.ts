import { existsSync } from 'node:fs'
import { problemCatalogue, type ProblemCode } from '../problem/catalogue.ts'
import { isBlank, type Environment } from './environment.ts'

/** A host name that exists only inside one platform. */
interface PrivateHosts {
  readonly pattern: RegExp
  readonly advice: string
}

/** What is known of a place where programs run. */
export interface Platform {
  readonly id:
    | 'huggingface-space'
    | 'heroku'
    | 'railway'
    | 'render'
    | 'fly'
    | 'vercel'
    | 'kubernetes'
    | 'docker'
    | 'machine'
  /** For a person. */
  readonly name: string
  /** Variables that only this platform sets. */
  readonly variables: readonly string[]
  /** Whether the program shares nothing with the machine: `localhost` is the container, and `/` is wiped with it. */
  readonly isContainer: boolean
  /** Whether a mount other than `/` outlives the container. */
  readonly hasVolumes: boolean
  /** The only ports that connections may go out to; absent where all are open. */
  readonly openPorts?: readonly number[]
  /** Where variables are set. */
  readonly settings: string
  /** How a file outlives a restart. */
  readonly persistence: string
  /** What to write in place of `localhost`. */
  readonly localhost: string
  readonly privateHosts?: PrivateHosts
}

const oneContainer = 'Nothing else runs in this container: write the host of your database provider.'

/** The platforms, in the order in which they are recognised. */
export const platforms: readonly Platform[] = [
  {
    id: 'huggingface-space',
    name: 'Hugging Face Space',
    variables: ['SPACE_ID'],
    isContainer: true,
    hasVolumes: false,
    openPorts: [80, 443, 8080],
    settings:
      'On a Hugging Face Space, add it in Settings → Variables and secrets, as a secret; duplicates do not copy it.',
    persistence: 'Attach a Storage Bucket to the Space and let the program write to it, or set DATABASE_URL.',
    localhost: oneContainer,
  },
  {
    id: 'heroku',
    name: 'Heroku',
    variables: ['DYNO'],
    isContainer: true,
    hasVolumes: false,
    settings:
      'On Heroku, attach a database (heroku addons:create heroku-postgresql) or run: heroku config:set DATABASE_URL=…',
    persistence: 'Heroku has no disk that outlives a dyno: set DATABASE_URL.',
    localhost: oneContainer,
  },
  {
    id: 'railway',
    name: 'Railway',
    variables: ['RAILWAY_PROJECT_ID', 'RAILWAY_ENVIRONMENT_NAME', 'RAILWAY_ENVIRONMENT'],
    isContainer: true,
    hasVolumes: true,
    settings:
      'On Railway, add a reference to the database in the Variables of this service: ${{Postgres.DATABASE_URL}}',
    persistence: 'Attach a volume to this service and point SQLITE_PATH into it, or set DATABASE_URL.',
    localhost: oneContainer,
    privateHosts: {
      pattern: /\.railway\.internal$/i,
      advice:
        'A name that ends with .railway.internal exists only inside its Railway project and not during a build: elsewhere use DATABASE_PUBLIC_URL.',
    },
  },
  {
    id: 'render',
    name: 'Render',
    variables: ['RENDER'],
    isContainer: true,
    hasVolumes: true,
    settings: 'On Render, add it in Environment, with the Internal Database URL as its value.',
    persistence: 'Add a disk to this service and point SQLITE_PATH into it, or set DATABASE_URL.',
    localhost: oneContainer,
    privateHosts: {
      pattern: /^dpg-[a-z0-9]+-a$/i,
      advice:
        'A name like dpg-…-a exists only inside Render, in its own region: elsewhere use the External Database URL.',
    },
  },
  {
    id: 'fly',
    name: 'Fly.io',
    variables: ['FLY_APP_NAME'],
    isContainer: true,
    hasVolumes: true,
    settings: 'On Fly.io, run: fly postgres attach, or fly secrets set DATABASE_URL=…',
    persistence: 'Mount a volume ([mounts] in fly.toml) and point SQLITE_PATH into it, or set DATABASE_URL.',
    localhost: oneContainer,
    privateHosts: {
      pattern: /\.(?:internal|flycast)$/i,
      advice:
        'A name that ends with .internal or .flycast exists only inside the private network of its Fly.io organization: elsewhere use fly proxy.',
    },
  },
  {
    id: 'vercel',
    name: 'Vercel',
    variables: ['VERCEL'],
    isContainer: true,
    hasVolumes: false,
    settings: 'On Vercel, add it in Settings → Environment Variables, or connect a database in Storage.',
    persistence: 'Vercel has no disk that outlives a function: set DATABASE_URL.',
    localhost: oneContainer,
  },
  {
    id: 'kubernetes',
    name: 'Kubernetes',
    variables: ['KUBERNETES_SERVICE_HOST'],
    isContainer: true,
    hasVolumes: true,
    settings: 'In Kubernetes, set it with env or envFrom in the pod, from a Secret.',
    persistence: 'Mount a PersistentVolumeClaim and point SQLITE_PATH into it, or set DATABASE_URL.',
    localhost: "Write the name of the database's Service, such as db or db.namespace.svc.",
  },
]

const docker: Platform = {
  id: 'docker',
  name: 'a container',
  variables: [],
  isContainer: true,
  hasVolumes: true,
  settings: 'In a container, pass it with docker run --env, or under environment in docker-compose.yml.',
  persistence: 'Mount a volume and point SQLITE_PATH into it, or set DATABASE_URL.',
  localhost:
    'In docker compose write the name of the service, such as db; for the machine outside write host.docker.internal.',
}

const machine: Platform = {
  id: 'machine',
  name: 'this machine',
  variables: [],
  isContainer: false,
  hasVolumes: true,
  settings: '',
  persistence: 'Point SQLITE_PATH at a disk that stays, or set DATABASE_URL.',
  localhost: '',
}

/** Files that Docker and Podman put into every container. */
const containerMarks = ['/.dockerenv', '/run/.containerenv']

/**
 * Finds out where the program runs.
 *
 * @param marks - files that exist only in a container.
 */
export function detectPlatform(env: Environment, marks: readonly string[] = containerMarks): Platform {
  const known = platforms.find(({ variables }) => variables.some((name) => !isBlank(env[name])))
  return known ?? (marks.some((mark) => existsSync(mark)) ? docker : machine)
}

/** One address that was tried. */
export interface Attempt {
  readonly host: string
  readonly port: number
}

/** Says whether a failure means that the platform blocks the port: the code becomes `port-blocked`. */
export function platformCode(platform: Platform, code: ProblemCode, { host, port }: Attempt): ProblemCode {
  const isSilent = code === 'connect-timeout' || code === 'network-unreachable'
  const isBlocked = isSilent && platform.openPorts?.includes(port) === false && !isLocal(host)
  return isBlocked ? 'port-blocked' : code
}

/**
 * What to do about a failed connection that only the platform, or the host's name, tells. It fills `{advice}` of a connection problem.
 *
 * @returns a sentence, or an empty text.
 */
export function connectionAdvice(platform: Platform, code: ProblemCode, { host }: Attempt): string {
  const row = advices.find(({ isAbout, applies }) => isAbout(code) && applies(host, platform))
  return row?.advice(host, platform) ?? ''
}

interface Advice {
  readonly isAbout: (code: ProblemCode) => boolean
  readonly applies: (host: string, platform: Platform) => boolean
  readonly advice: (host: string, platform: Platform) => string
}

function isUnreached(code: ProblemCode): boolean {
  return problemCatalogue[code].proves === 'unreached'
}

const advices: readonly Advice[] = [
  {
    isAbout: isUnreached,
    applies: (host, platform) => isLocal(host) && platform.isContainer,
    advice: (host, platform) => `${host || 'localhost'} is this container itself. ${platform.localhost}`,
  },
  {
    isAbout: (code) => code === 'connection-refused',
    applies: (host) => host === 'localhost' || host === '::1',
    advice: () => 'If the server listens on IPv4 alone, write 127.0.0.1.',
  },
  {
    isAbout: isUnreached,
    applies: (host) => /^db\.[a-z0-9]+\.supabase\.co$/i.test(host),
    advice: () =>
      'Unless its IPv4 add-on is bought, this Supabase host has only an IPv6 address: use the session pooler (aws-….pooler.supabase.com:5432, user postgres.<project>), from Connect in the dashboard.',
  },
  {
    isAbout: (code) => problemCatalogue[code].reason === 'auth',
    applies: (host) => /\.pooler\.supabase\.com$/i.test(host),
    advice: () => 'On the Supabase pooler the user is postgres.<project>.',
  },
  {
    isAbout: isUnreached,
    applies: (host) => privateHosts(host) !== undefined,
    advice: (host) => privateHosts(host)!.advice,
  },
]

function privateHosts(host: string): PrivateHosts | undefined {
  return platforms.find((platform) => platform.privateHosts?.pattern.test(host))?.privateHosts
}

/**
 * Tells whether a host is the machine, or the container, itself.
 *
 * @param host - a name or an address; an empty one is the default host.
 */
export function isLocal(host: string): boolean {
  return host === '' || host === '::1' || /^(?:localhost\.?|127(?:\.\d+){3}|0\.0\.0\.0)$/i.test(host)
}
