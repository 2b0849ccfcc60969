import { resolveDatabaseConfig, type FallbackReason, type FallbackStrategy } from 'failsoft'
import { fallsBack } from '#lib/resolve/strategy.js'
import t from 'tap'

const reasons: FallbackReason[] = [
  'missing',
  'empty',
  'malformed',
  'unsupported',
  'driver',
  'unreachable',
  'auth',
  'database-missing',
  'tls',
  'read-only',
]

const rules: { name: string; strategy: FallbackStrategy; falls: FallbackReason[] }[] = [
  { name: 'always', strategy: 'always', falls: reasons.filter((reason) => reason !== 'read-only') },
  { name: 'unconfigured', strategy: 'unconfigured', falls: ['missing'] },
  { name: 'never', strategy: 'never', falls: [] },
  { name: 'an empty record', strategy: {}, falls: [] },
  {
    name: 'a record',
    strategy: { auth: 'fallback', missing: 'wait', 'read-only': 'fallback' },
    falls: ['auth', 'read-only'],
  },
]
for (const { name, strategy, falls } of rules) {
  t.same(
    reasons.filter((reason) => fallsBack(strategy, reason)),
    falls,
    name,
  )
}
t.notOk(
  fallsBack(Object.create({ auth: 'fallback' }) as FallbackStrategy, 'auth'),
  'an inherited reason does not count',
)

const choices: {
  name: string
  env: Record<string, string>
  option?: FallbackStrategy
  want: FallbackStrategy
  warns?: string
}[] = [
  { name: 'nothing said', env: {}, want: 'unconfigured' },
  { name: 'production', env: { NODE_ENV: 'production' }, want: 'never' },
  { name: 'Kubernetes', env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, want: 'never' },
  {
    name: 'development on Kubernetes',
    env: { KUBERNETES_SERVICE_HOST: '10.0.0.1', NODE_ENV: 'development' },
    want: 'always',
  },
  { name: 'another NODE_ENV', env: { NODE_ENV: 'staging' }, want: 'unconfigured' },
  { name: 'in quotes', env: { DATABASE_FALLBACK: '"never"', NODE_ENV: 'test' }, want: 'never' },
  { name: 'development', env: { NODE_ENV: 'development' }, want: 'always' },
  { name: 'test', env: { NODE_ENV: 'test' }, want: 'always' },
  { name: 'a Space', env: { SPACE_ID: 'a/b' }, want: 'always' },
  { name: 'a Space in production', env: { SPACE_ID: 'a/b', NODE_ENV: 'production' }, want: 'always' },
  { name: 'a blank SPACE_ID', env: { SPACE_ID: '' }, want: 'unconfigured' },
  {
    name: 'the variable beats the environment',
    env: { SPACE_ID: 'a/b', DATABASE_FALLBACK: 'never' },
    want: 'never',
  },
  { name: 'with spaces', env: { DATABASE_FALLBACK: ' always\n' }, want: 'always' },
  { name: 'blank', env: { DATABASE_FALLBACK: ' ' }, want: 'unconfigured' },
  { name: 'unknown', env: { DATABASE_FALLBACK: 'sometimes' }, want: 'unconfigured', warns: '"sometimes"' },
  {
    name: 'unknown on a Space',
    env: { DATABASE_FALLBACK: 'true', SPACE_ID: 'a/b' },
    want: 'always',
    warns: '"true"',
  },
  {
    name: 'a URL by mistake',
    env: { DATABASE_FALLBACK: 'postgres://u:s3cret@h/d' },
    want: 'unconfigured',
    warns: '"…"',
  },
  {
    name: 'control characters',
    env: { DATABASE_FALLBACK: '\u001b[31m' },
    want: 'unconfigured',
    warns: '"?[31m"',
  },
  {
    name: 'long',
    env: { DATABASE_FALLBACK: 'x'.repeat(99) },
    want: 'unconfigured',
    warns: `"${'x'.repeat(24)}…"`,
  },
  { name: 'the option beats all', env: { DATABASE_FALLBACK: 'sometimes' }, option: 'always', want: 'always' },
  { name: 'a record', env: {}, option: { auth: 'fallback' }, want: { auth: 'fallback' } },
]
for (const { name, env, option, want, warns } of choices) {
  const all = { ...env, DATABASE_URL: 'postgres://u@h/d' }
  const config = resolveDatabaseConfig({ env: all, ...(option && { strategy: option }) })
  t.same(config.strategy, want, name)
  const warning = config.warnings.find(({ code }) => code === 'fallback-variable')
  t.equal(warning?.message.includes(warns ?? ''), warns === undefined ? undefined : true, `${name}: warning`)
}

t.test('the explanation says where the strategy comes from', async (t) => {
  const line = (strategy: FallbackStrategy): string | undefined =>
    resolveDatabaseConfig({ env: {}, strategy })
      .explain()
      .split('\n')
      .find((text) => text.startsWith('Strategy'))
  t.equal(line('never'), 'Strategy     never: the program asks for it')
  t.equal(
    line({ auth: 'fallback', tls: 'wait' }),
    'Strategy     auth → fallback, tls → wait: the program asks for it',
  )
  t.equal(line({}), 'Strategy     none falls back: the program asks for it')
})

t.test("the caller's own record is copied, not frozen", async (t) => {
  const strategy: { auth?: 'fallback' | 'wait' } = { auth: 'fallback' }
  const config = resolveDatabaseConfig({ env: {}, strategy })
  strategy.auth = 'wait'
  t.same(config.strategy, { auth: 'fallback' })
})
