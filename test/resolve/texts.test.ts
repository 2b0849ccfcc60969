import { readFileSync } from 'node:fs'
import { resolveDatabaseConfig, validateUrl, type DatabaseConfig, type DatabaseTarget } from 'failsoft'
import t from 'tap'

interface Case {
  readonly id: string
  readonly env?: Readonly<Record<string, string>>
  readonly url?: string
  readonly strict?: 'refuse' | 'accept'
  readonly want: {
    readonly problem?: string
    readonly warning?: readonly string[]
    readonly kind?: DatabaseConfig['kind']
    readonly target?: Readonly<Record<string, unknown>>
    readonly tls?: readonly string[]
  }
}

const file = new URL('../../test/cases/texts.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Case[] }
const cwd = t.testdir({})

/** The parts of a target that the cases speak of. */
function partsOf(target: DatabaseTarget): Record<string, unknown> {
  if (target.dialect === 'sqlite') return { ...target }
  const { hosts, password, ...rest } = target
  return { ...rest, password: password?.reveal(), ...hosts[0] }
}

for (const { id, env, url, strict, want } of cases) {
  void t.test(`${id} ${url ?? Object.keys(env ?? {}).join(' ')}`, async (t) => {
    const config = resolveDatabaseConfig({ env: env ?? { DATABASE_URL: url ?? '' }, cwd })
    const target = config.kind === 'primary' ? config.target : undefined
    if (want.problem) t.match(config, { problem: { code: want.problem } })
    if (want.kind) t.equal(config.kind, want.kind)
    if (want.warning) {
      const codes = config.warnings.map(({ code }) => code as string)
      t.ok(
        codes.some((code) => want.warning?.includes(code)),
        `a warning, of ${codes.join(', ') || 'none'}`,
      )
    }
    if (want.target) t.match(target && partsOf(target), want.target)
    if (want.tls && target) {
      t.ok(want.tls.includes(('tls' in target && target.tls?.mode) || 'nothing'), 'encryption', { target })
    }
    if (strict) t.equal(validateUrl(url, { strict: true }).valid, strict === 'accept', 'strict')
  })
}
