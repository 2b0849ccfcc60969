import { resolveDatabaseConfig, type ProblemCode } from 'failsoft'
import { connectionAdvice, platformCode } from '#lib/resolve/connection-advice.js'
import { detectPlatform, platforms, type Platform } from '#lib/resolve/platforms.js'
import { localhostWarning } from '#lib/resolve/localhost.js'
import { ephemeralWarning } from '#lib/resolve/sqlite-location.js'
import t from 'tap'

const platform = (id: Platform['id']): Platform => {
  const env = { [platforms.find((row) => row.id === id)?.variables[0] ?? '']: 'x' }
  return detectPlatform(env, id === 'docker' ? ['/'] : [])
}

t.test('each platform is recognised by each of its variables', async (t) => {
  for (const { id, variables } of platforms) {
    for (const name of variables) t.equal(detectPlatform({ [name]: '1' }).id, id, name)
  }
  t.equal(detectPlatform({}, ['/nowhere', '/']).id, 'docker')
  t.equal(detectPlatform({}, ['/nowhere']).id, 'machine')
  t.equal(detectPlatform({ SPACE_ID: ' ' }, []).id, 'machine', 'a blank variable says nothing')
  t.equal(
    detectPlatform({ SPACE_ID: 'a/b', KUBERNETES_SERVICE_HOST: 'h' }).id,
    'huggingface-space',
    'the nearest wins',
  )
})

const codes: {
  name: string
  on: Platform['id']
  code: ProblemCode
  host: string
  port: number
  want: ProblemCode
}[] = [
  {
    name: 'silence',
    on: 'huggingface-space',
    code: 'connect-timeout',
    host: 'h',
    port: 5432,
    want: 'port-blocked',
  },
  {
    name: 'no route',
    on: 'huggingface-space',
    code: 'network-unreachable',
    host: 'h',
    port: 3306,
    want: 'port-blocked',
  },
  {
    name: 'an open port',
    on: 'huggingface-space',
    code: 'connect-timeout',
    host: 'h',
    port: 443,
    want: 'connect-timeout',
  },
  {
    name: 'a refusal',
    on: 'huggingface-space',
    code: 'connection-refused',
    host: 'h',
    port: 5432,
    want: 'connection-refused',
  },
  {
    name: 'inside the container',
    on: 'huggingface-space',
    code: 'connect-timeout',
    host: 'localhost',
    port: 5432,
    want: 'connect-timeout',
  },
  {
    name: 'elsewhere',
    on: 'heroku',
    code: 'connect-timeout',
    host: 'h',
    port: 5432,
    want: 'connect-timeout',
  },
]
for (const { name, on, code, host, port, want } of codes) {
  t.equal(platformCode(platform(on), code, { host, port }), want, `port: ${name}`)
}

const advice: { name: string; on: Platform['id']; code: ProblemCode; host: string; want: RegExp }[] = [
  {
    name: 'localhost in a container',
    on: 'docker',
    code: 'connection-refused',
    host: 'localhost',
    want: /name of the service, such as db; .* host\.docker\.internal/,
  },
  {
    name: '127.0.0.1 in Kubernetes',
    on: 'kubernetes',
    code: 'connection-refused',
    host: '127.0.0.1',
    want: /Service/,
  },
  {
    name: 'the default host on a Space',
    on: 'huggingface-space',
    code: 'connect-timeout',
    host: '',
    want: /^localhost is this container itself/,
  },
  {
    name: 'localhost on a machine',
    on: 'machine',
    code: 'connection-refused',
    host: 'localhost',
    want: /127\.0\.0\.1/,
  },
  {
    name: '127.0.0.1 on a machine',
    on: 'machine',
    code: 'connection-refused',
    host: '127.0.0.1',
    want: /^$/,
  },
  {
    name: 'a direct host of Supabase',
    on: 'machine',
    code: 'network-unreachable',
    host: 'db.abcdefgh.supabase.co',
    want: /pooler\.supabase\.com:5432/,
  },
  {
    name: 'the user of the Supabase pooler',
    on: 'machine',
    code: 'auth-failed',
    host: 'aws-0-eu.pooler.supabase.com',
    want: /postgres\.<project>/,
  },
  {
    name: 'a private host of Railway',
    on: 'machine',
    code: 'host-not-found',
    host: 'postgres.railway.internal',
    want: /DATABASE_PUBLIC_URL/,
  },
  {
    name: 'a private host of Render',
    on: 'heroku',
    code: 'host-not-found',
    host: 'dpg-abc123-a',
    want: /External Database URL/,
  },
  {
    name: 'a private host of Fly.io',
    on: 'machine',
    code: 'host-not-found',
    host: 'app-db.flycast',
    want: /fly proxy/,
  },
  { name: 'an ordinary host', on: 'docker', code: 'host-not-found', host: 'db.example.com', want: /^$/ },
  { name: 'another failure', on: 'docker', code: 'auth-failed', host: 'localhost', want: /^$/ },
]
for (const { name, on, code, host, want } of advice) {
  t.match(connectionAdvice(platform(on), code, { host, port: 5432 }), want, `advice: ${name}`)
}

const local = ['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '[::1]', '0.0.0.0', '']
for (const host of local) {
  const env = { SPACE_ID: 'a/b', DATABASE_URL: `postgres://u@${host}/d` }
  const { warnings } = resolveDatabaseConfig({ env })
  const want = { code: 'localhost-in-container', hint: /host of your database provider/ }
  t.match(
    warnings.find(({ code }) => code === 'localhost-in-container'),
    want,
    `localhost: ${host}`,
  )
}
for (const host of ['db', 'localhost.example.com', '10.0.0.1', 'my-localhost', '%2Fvar%2Frun']) {
  const { warnings } = resolveDatabaseConfig({
    env: { SPACE_ID: 'a/b', DATABASE_URL: `postgres://u@${host}/d` },
  })
  t.notMatch(warnings, [{ code: 'localhost-in-container' }], `not localhost: ${host}`)
}

t.test('one local host of a list is enough', async (t) => {
  const env = { RENDER: 'true', DATABASE_URL: 'postgres://u@db.example.com,localhost/d' }
  t.match(resolveDatabaseConfig({ env }).warnings, [{ message: /names the host "localhost"/ }])
})

t.test('no host is the local one', async (t) => {
  const env = { RENDER: 'true', DATABASE_URL: 'postgres:///app' }
  const { warnings } = resolveDatabaseConfig({ env })
  const local = warnings.find(({ code }) => code === 'localhost-in-container')
  t.match(local, { message: /names the host "localhost"/ })
})

t.test('how a file is lost depends on the place', async (t) => {
  const location = { filename: '/tmp/x.db', durability: 'ephemeral', filesystem: 'local' } as const
  t.match(ephemeralWarning(location, platform('machine')), [{ message: /when the machine clears it away/ }])
  t.match(ephemeralWarning(location, platform('docker')), [{ message: /when this container is replaced/ }])
  t.same(ephemeralWarning({ ...location, durability: 'persistent' }, platform('docker')), [])
})

t.test('outside a container localhost is as good as any', async (t) => {
  const target = { dialect: 'postgres', hosts: [{ host: 'localhost', port: 5432 }], params: {} } as const
  t.same(localhostWarning(target, 'DATABASE_URL', {}, []), [])
  t.match(localhostWarning(target, 'DATABASE_URL', {}, ['/']), [{ hint: /host\.docker\.internal/ }])
})
