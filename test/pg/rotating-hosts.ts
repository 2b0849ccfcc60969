import type { Credentials } from 'failsoft/knex'
import type { Test } from 'tap'
import { openIn, type PoolFamily } from './pool-family.ts'

/** Hosts with a user whose password changes; each has another one. */
export interface RotatingHosts {
  /** A URL that names them all, and no password. */
  url(query?: string): string
  readonly credentials: Credentials
  /** The ports for which a login was asked, in order. */
  readonly asked: readonly number[]
  /** Gives the user another password on these hosts, and ends all connections to them; `isTold`: whether `credentials` know it. */
  rotate(families?: readonly PoolFamily[], options?: { readonly isTold?: boolean }): Promise<void>
  /** The credentials know all passwords from now on. */
  tell(): void
  readonly secrets: RegExp
}

const portOf = ({ url }: PoolFamily): number => Number(new URL(url).port)

/** Makes the user on each host. */
export async function rotatingHosts(
  t: Test,
  hosts: readonly PoolFamily[],
  user: string,
): Promise<RotatingHosts> {
  const valid = new Map<number, string>()
  const told = new Map<number, string>()
  const asked: number[] = []
  let turn = 0
  let rotating: Promise<unknown> = Promise.resolve()
  const next = (family: PoolFamily): string => {
    const password = `token-${portOf(family)}-${turn++}`
    valid.set(portOf(family), password)
    return password
  }
  const tell = (): void => valid.forEach((password, port) => told.set(port, password))
  // Opened anew each time: a server may have been away meanwhile.
  const asOwner = async (family: PoolFamily, work: (pool: unknown) => Promise<unknown>): Promise<void> => {
    const owner = openIn(t, family)
    await work(owner.pool)
    await owner.close()
  }
  for (const family of hosts)
    await asOwner(family, async (pool) => {
      for (const sql of family.makeUser(user, next(family))) await family.run(pool, sql)
    })
  tell()
  return {
    asked,
    secrets: /token-\d/,
    tell,
    url(query = '') {
      const { protocol, pathname } = new URL(hosts[0]!.url)
      const list = hosts.map((family) => `127.0.0.1:${portOf(family)}`).join(',')
      return `${protocol}//${user}@${list}${pathname}?${query}`
    },
    async credentials({ port }) {
      asked.push(port)
      await rotating
      return { password: told.get(port) ?? 'none' }
    },
    async rotate(families = hosts, { isTold = true } = {}) {
      for (const family of families) {
        const sql = family.setPassword(user, next(family))
        rotating = asOwner(family, (pool) => family.run(pool, sql))
        await rotating
        if (isTold) tell()
        await asOwner(family, (pool) => family.killOthers(pool))
      }
    },
  }
}
