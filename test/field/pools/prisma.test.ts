import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import t from 'tap'
import { onlyBlock } from '../../docs/markdown.ts'
import { pack } from '../../package/stage.ts'
import type { Project } from '../../package/project.ts'
import { openIn, outcome, postgresFamily, type PoolFamily } from '../../pg/pool-family.ts'
import { projectWith } from '../package/user-project.ts'
import { builderCases } from './builder-cases.ts'
import { hold } from './builder-load.ts'
import type { Builder } from './builders.ts'

t.setTimeout(600_000)

const blockOf = (language: string): string => onlyBlock('docs/recipes/prisma.md', language)

/** What is used of the client that Prisma writes for the tests' table. */
interface Prisma {
  readonly built: {
    create(row: { data: { name: string } }): Promise<unknown>
    findMany(): Promise<{ name: string }[]>
  }
  $queryRawUnsafe(sql: string): Promise<unknown>
  $transaction<T>(work: (trx: Prisma) => Promise<T>, options?: { maxWait?: number }): Promise<T>
}

function ofPrisma(prisma: Prisma, maxWait = 2000): Builder {
  const insert = (on: Prisma, name: string): Promise<unknown> => on.built.create({ data: { name } })
  const begin = (work: (trx: Prisma) => Promise<void>): Promise<unknown> =>
    prisma.$transaction(work, { maxWait })
  return {
    one: async () => prisma.$queryRawUnsafe('select 1'),
    insert: (name) => insert(prisma, name),
    insertBoth: (names) =>
      begin(async (trx) => {
        for (const name of names) await insert(trx, name)
      }),
    names: async () => (await prisma.built.findMany()).map(({ name }) => name),
    holdOpen: (meanwhile) =>
      begin(async (trx) => {
        await trx.$queryRawUnsafe('select 1')
        await meanwhile()
      }),
  }
}

/** Has Prisma write its client for a schema. It needs no binary for that, but looks for one. */
async function generate(project: Project, schema: string): Promise<void> {
  mkdirSync(join(project.folder, 'prisma'), { recursive: true })
  project.write('prisma/schema.prisma', schema)
  project.write('prisma.config.js', blockOf('js'))
  const { code, out } = await project.shell('prisma generate', {
    PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
    CHECKPOINT_DISABLE: '1',
  })
  if (code !== 0) throw new Error(out)
}

/** Makes JavaScript of what Prisma writes, which is TypeScript. */
async function compile(project: Project, source: string, into: string): Promise<string> {
  const outfile = join(project.folder, into)
  const entryPoints = [join(project.folder, source)]
  await build({ entryPoints, outfile, bundle: true, packages: 'external', format: 'esm', platform: 'node' })
  return outfile
}

const builtSchema = blockOf('prisma').replace(
  /model Note \{[^}]*\}/,
  'model Built {\n  name String @id\n  @@map("built")\n}',
)

const packed = await pack()
t.teardown(packed.remove)

void t.test('Prisma', async (t) => {
  const project = await projectWith(t, [
    packed.tarball,
    'pg',
    'prisma',
    '@prisma/client',
    '@prisma/adapter-pg',
  ])
  if (!project) return
  const load = createRequire(join(project.folder, 'program.js'))
  const pg: unknown = load('pg')
  const { PrismaPg } = load('@prisma/adapter-pg') as { PrismaPg: new (pool: unknown) => object }
  const family = await postgresFamily(t)
  // The adapter knows the pool of its own copy of pg only.
  const withTheirs = (each: PoolFamily): PoolFamily => ({
    ...each,
    open: (options) => each.open({ ...options, drivers: { pg } }),
  })
  await generate(project, builtSchema)
  const client = await compile(project, 'generated/client.ts', 'built.js')
  const { PrismaClient } = (await import(pathToFileURL(client).href)) as {
    PrismaClient: new (options: { adapter: object }) => Prisma
  }
  const open = (pool: unknown): Prisma => new PrismaClient({ adapter: new PrismaPg(pool) })

  await t.test('on a pool of pg', async (t) =>
    builderCases(t, withTheirs(family), withTheirs(await postgresFamily(t)), (pool) => ofPrisma(open(pool))),
  )

  await t.test('it gives up before the pool does: what comes later is given back', async (t) => {
    const database = openIn(t, withTheirs(family), { pool: { max: 2, acquireTimeoutMs: 60_000 } })
    const builder = ofPrisma(open(database.pool), 200)
    const held = await hold(builder, 2)
    t.equal(await outcome(builder.insertBoth(['too', 'late'])), 'P2028')
    await held.release()
    await (await hold(builder, 2)).release()
    t.notOk((await builder.names()).includes('too'))
  })

  await t.test('the program of the recipe', async (t) => {
    await generate(project, blockOf('prisma'))
    project.write('program.ts', blockOf('ts'))
    const program = await compile(project, 'program.ts', 'program.js')
    const env = { DATABASE_URL: family.url }
    t.strictSame(await project.node([program], env), { code: 0, out: 'connected\none,two\nclosed\n' })
    await family.stop()
    t.strictSame(await project.node([program], env), { code: 0, out: 'unavailable\nclosed\n' })
  })
})
