import { ConfigError, readConfig } from 'example-app/config.js'
import t from 'tap'

const defaults = {
  port: 7860,
  host: undefined,
  logLevel: 'info',
  drainDeadlineMs: 4_000,
  apiToken: undefined,
  strategy: 'always',
}
const good = [
  { name: 'nothing', env: {}, want: {} },
  { name: 'blank values', env: { PORT: ' ', HOST: '', LOG_LEVEL: '', API_TOKEN: '  ' }, want: {} },
  { name: 'a port', env: { PORT: ' 8080 ' }, want: { port: 8080 } },
  { name: 'any port', env: { PORT: '0' }, want: { port: 0 } },
  { name: 'a host', env: { HOST: '127.0.0.1' }, want: { host: '127.0.0.1' } },
  { name: 'a level', env: { LOG_LEVEL: 'DEBUG' }, want: { logLevel: 'debug' } },
  { name: 'a token', env: { API_TOKEN: 'abc\n' }, want: { apiToken: 'abc' } },
  { name: 'a token of any visible kind', env: { API_TOKEN: '~!"' }, want: { apiToken: '~!"' } },
  { name: 'in production', env: { NODE_ENV: 'production' }, want: { strategy: 'unconfigured' } },
  { name: 'in development', env: { NODE_ENV: 'development' }, want: { strategy: 'always' } },
  { name: 'on Kubernetes', env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, want: { strategy: 'unconfigured' } },
  { name: 'on a Space', env: { NODE_ENV: 'production', SPACE_ID: 'me/tasks' }, want: { strategy: 'always' } },
  { name: 'told by a variable', env: { DATABASE_FALLBACK: 'never' }, want: { strategy: undefined } },
  { name: 'a deadline', env: { DRAIN_DEADLINE_MS: '100' }, want: { drainDeadlineMs: 100 } },
]
for (const { name, env, want } of good) {
  void t.test(name, async (t) => t.strictSame(readConfig(env), { ...defaults, ...want }))
}

const bad = [
  { env: { PORT: '80a' }, want: 'PORT must be a whole number from 0 to 65535, not "80a".' },
  { env: { PORT: '1e3' }, want: 'PORT must be a whole number from 0 to 65535, not "1e3".' },
  { env: { PORT: '65536' }, want: 'PORT must be a whole number from 0 to 65535, not "65536".' },
  { env: { PORT: '80\nx' }, want: 'PORT must be a whole number from 0 to 65535, not "80\\nx".' },
  {
    env: { LOG_LEVEL: 'loud' },
    want: 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud".',
  },
  ...['two words', 'tab\tinside', 'käse', 'pa55word\u0000'].map((token) => ({
    env: { API_TOKEN: token },
    want: 'API_TOKEN must be visible ASCII characters without blanks: no client could send it.',
  })),
  {
    env: { DRAIN_DEADLINE_MS: 'x' },
    want: 'DRAIN_DEADLINE_MS must be a whole number from 0 to 600000, not "x".',
  },
]
for (const { env, want } of bad) {
  void t.test(want, async (t) => t.throws(() => readConfig(env), new ConfigError(want)))
}
