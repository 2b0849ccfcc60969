import { resolveDatabaseConfig, type FallbackReason } from 'failsoft'
import t from 'tap'

/** What an environment says about the database, by the reason that it gives. `none` is a good address. */
const databases: Record<string, Record<string, string>> = {
  none: { DATABASE_URL: 'postgres://app@db.example.com/app' },
  missing: {},
  empty: { DATABASE_URL: '' },
  malformed: { DATABASE_URL: 'postgres://app@db.example.com:54a2/app' },
  unsupported: { DATABASE_URL: 'mongodb://db.example.com/app' },
}

const places: Record<string, Record<string, string>> = {
  space: { SPACE_ID: 'someone/app' },
  heroku: { DYNO: 'web.1' },
  railway: { RAILWAY_PROJECT_ID: '1' },
  render: { RENDER: 'true' },
  fly: { FLY_APP_NAME: 'app' },
  vercel: { VERCEL: '1' },
  kubernetes: { KUBERNETES_SERVICE_HOST: '10.0.0.1' },
  development: { NODE_ENV: 'development' },
  production: { NODE_ENV: 'production' },
}

/** The default stands for what the environment chooses; the others are asked for. */
const strategies = ['default', 'always', 'unconfigured', 'never', 'record'] as const
const record = { malformed: 'fallback', missing: 'wait' } as const

const P = 'primary'
const F = 'fallback'
const U = 'unresolved'

/** reason × strategy; the default differs by place, and is below. */
const table: Record<string, Record<'always' | 'unconfigured' | 'never' | 'record', string>> = {
  none: /*       */ { always: P, unconfigured: P, never: P, record: P },
  missing: /*    */ { always: F, unconfigured: F, never: U, record: U },
  empty: /*      */ { always: F, unconfigured: U, never: U, record: U },
  malformed: /*  */ { always: F, unconfigured: U, never: U, record: F },
  unsupported: /**/ { always: F, unconfigured: U, never: U, record: U },
}

const defaults: Record<string, 'always' | 'unconfigured' | 'never'> = {
  space: 'always',
  heroku: 'unconfigured',
  railway: 'unconfigured',
  render: 'unconfigured',
  fly: 'unconfigured',
  vercel: 'unconfigured',
  kubernetes: 'never',
  development: 'always',
  production: 'never',
}

/** What the hint of an environment without a database says, by place. */
const hints: Record<string, RegExp> = {
  space: /Settings → Variables and secrets/,
  heroku: /heroku config:set/,
  railway: /\$\{\{Postgres\.DATABASE_URL\}\}/,
  render: /Internal Database URL/,
  fly: /fly secrets set/,
  vercel: /Environment Variables/,
  kubernetes: /from a Secret/,
  development: /./,
  production: /./,
}

for (const [reason, database] of Object.entries(databases)) {
  for (const [place, where] of Object.entries(places)) {
    for (const strategy of strategies) {
      t.test(`${reason}, ${place}, ${strategy}`, async (t) => {
        const row = table[reason]!
        const want = strategy === 'default' ? row[defaults[place]!] : row[strategy]
        const option = strategy === 'default' ? {} : { strategy: strategy === 'record' ? record : strategy }
        const config = resolveDatabaseConfig({ env: { ...where, ...database }, ...option })
        t.equal(config.kind, want)
        if (config.kind === 'primary') return
        t.equal(config.reason, reason as FallbackReason)
        if (database['DATABASE_URL']) return
        t.match(config.problem.hint, hints[place]!)
      })
    }
  }
}
