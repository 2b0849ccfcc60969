import { existsSync } from 'node:fs'
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

/** What is known of a host name that exists only inside one platform. */
export function privateHosts(host: string): PrivateHosts | undefined {
  return platforms.find((platform) => platform.privateHosts?.pattern.test(host))?.privateHosts
}
