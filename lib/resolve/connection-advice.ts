import { problemCatalogue, type ProblemCode } from '../problem/catalogue.ts'
import { isLocal } from './localhost.ts'
import { privateHosts, type Platform } from './platforms.ts'
import { isSupabasePooler, isSupabaseServer } from './supabase-hosts.ts'

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
    applies: isSupabaseServer,
    advice: () =>
      'Unless its IPv4 add-on is bought, this Supabase host has only an IPv6 address: use the session pooler (aws-….pooler.supabase.com:5432, user postgres.<project>), from Connect in the dashboard.',
  },
  {
    isAbout: (code) => problemCatalogue[code].reason === 'auth',
    applies: isSupabasePooler,
    advice: () => 'On the Supabase pooler the user is postgres.<project>.',
  },
  {
    isAbout: isUnreached,
    applies: (host) => privateHosts(host) !== undefined,
    advice: (host) => privateHosts(host)!.advice,
  },
]
