/** What is known of an official image. */
export interface BaseImage {
  /** The name without registry and tag, such as `python`. */
  readonly name: string
  readonly tag: string
  /** Users beside those of every Linux, by name. */
  readonly users: Readonly<Record<string, number>>
  readonly isAlpine: boolean
  /** Whether compilers are left out of it. */
  readonly isSlim: boolean
  /** The command that it brings, where it serves something. */
  readonly command?: readonly string[]
  /** The user that it runs as; root where none is named. */
  readonly user?: string
  /** The folder that it works in; the root where none is named. */
  readonly workingDirectory?: string
  /** A folder that it lets everybody write. */
  readonly openFolder?: string
}

interface Row {
  readonly users?: Readonly<Record<string, number>>
  readonly command?: (tag: string) => readonly string[] | undefined
  readonly user?: string
  readonly workingDirectory?: (tag: string) => string
  readonly openFolder?: string
}

const none: Row = {}
const nginx: Row = { users: { nginx: 101 }, command: () => ['nginx', '-g', 'daemon off;'] }

/** Images that set neither PORT nor HOST. */
const rows: Readonly<Record<string, Row>> = {
  python: none,
  debian: none,
  alpine: none,
  golang: { workingDirectory: () => '/go', openFolder: '/go' },
  rust: none,
  ruby: none,
  'eclipse-temurin': none,
  openjdk: none,
  amazoncorretto: none,
  maven: none,
  ubuntu: none,
  node: { users: { node: 1000 } },
  'oven/bun': { users: { bun: 1000 }, workingDirectory: () => '/home/bun/app' },
  gradle: { users: { gradle: 1000 }, workingDirectory: () => '/home/gradle' },
  'ghcr.io/astral-sh/uv': none,
  nginx,
  'nginxinc/nginx-unprivileged': { ...nginx, user: 'nginx' },
  httpd: { command: () => ['httpd-foreground'], workingDirectory: () => '/usr/local/apache2' },
  php: {
    command: (tag) => (tag.includes('apache') ? ['apache2-foreground'] : undefined),
    workingDirectory: (tag) => (/apache|fpm/.test(tag) ? '/var/www/html' : '/'),
    openFolder: '/var/www/html',
  },
  caddy: {
    command: () => ['caddy', 'run', '--config', '/etc/caddy/Caddyfile'],
    workingDirectory: () => '/srv',
  },
  'nvidia/cuda': none,
}

/** Users of every Debian and Alpine. */
export const systemUsers: Readonly<Record<string, number>> = {
  root: 0,
  daemon: 1,
  bin: 2,
  sys: 3,
  sync: 4,
  games: 5,
  man: 6,
  lp: 7,
  mail: 8,
  news: 9,
  nobody: 65_534,
  'www-data': 33,
  guest: 405,
  operator: 11,
  backup: 34,
  proxy: 13,
  _apt: 42,
}

/** Finds what is known of an image; nothing for one that nobody here knows. */
export function findBaseImage(image: string): BaseImage | undefined {
  const plain = image
    .replace(/^(?:docker\.io|index\.docker\.io|public\.ecr\.aws\/docker|mirror\.gcr\.io)\//, '')
    .replace(/^library\//, '')
  const [, name = '', tag = 'latest'] = /^(.+?)(?::([^/:@]+))?(?:@.+)?$/.exec(plain) ?? []
  const row = rows[name]
  if (!row || name.includes('$') || tag.includes('$')) return undefined
  const command = row.command?.(tag)
  return {
    name,
    tag,
    users: { ...row.users, ...(hasUbuntuUser(name, tag) ? { ubuntu: 1000 } : {}) },
    isAlpine: name === 'alpine' || tag.includes('alpine'),
    isSlim: isSlim(name, tag),
    ...(command ? { command } : {}),
    ...(row.user ? { user: row.user } : {}),
    ...(row.openFolder ? { openFolder: row.openFolder } : {}),
    ...(row.workingDirectory ? { workingDirectory: row.workingDirectory(tag) } : {}),
  }
}

/** Ubuntu has a user of uid 1000 since 23.04. */
function hasUbuntuUser(name: string, tag: string): boolean {
  if (name !== 'ubuntu' && !/ubuntu/.test(tag)) return false
  const version = Number(/(\d\d\.\d\d)/.exec(tag)?.[1] ?? 0)
  return version >= 23.04 || (version === 0 && /^(?:latest|rolling|noble|oracular|plucky)/.test(tag))
}

function isSlim(name: string, tag: string): boolean {
  return /slim|alpine/.test(tag) || ['debian', 'ubuntu', 'alpine'].includes(name)
}
