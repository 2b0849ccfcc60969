import { chmod, mkdir, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ProblemError } from 'failsoft/knex'
import { openReplicaTarget } from '#lib/replica/open-replica-target.js'
import type { ReplicaTarget } from '#lib/replica/replica-target.js'
import { newFolder } from '#test/new-folder.js'
import t from 'tap'
import { createsOnce, keepsObjects } from './target-cases.ts'

const home = newFolder()
let count = 0

async function newTarget(): Promise<{ directory: string; target: ReplicaTarget }> {
  const directory = join(home, String(++count))
  return { directory, target: await openTarget(directory) }
}

async function openTarget(directory: string): Promise<ReplicaTarget> {
  const opened = await openReplicaTarget(pathToFileURL(directory).href, {})
  if (!opened.ok) throw new Error(opened.problem.message)
  return opened.target
}

const text = (bytes: Buffer | undefined): string | undefined => bytes?.toString()

void t.test('what was kept under a key is there', async (t) => {
  const { directory, target } = await newTarget()
  t.equal(target.name, pathToFileURL(directory).href)
  await keepsObjects(t, target)
  t.strictSame((await readdir(directory)).toSorted(), ['.parts', 'lease', 'proved'], 'empty directories go')
  t.strictSame(await readdir(join(directory, '.parts')), [])
})

void t.test('of many that create one key at once, one succeeds', async (t) => {
  const { directory } = await newTarget()
  await createsOnce(t, await Promise.all(Array.from({ length: 8 }, () => openTarget(directory))))
})

void t.test('what a writer that was killed has left is taken away in time', async (t) => {
  const { directory } = await newTarget()
  const parts = join(directory, '.parts')
  await mkdir(parts)
  await writeFile(join(parts, 'old'), 'half of')
  await writeFile(join(parts, 'new'), 'half of')
  await utimes(join(parts, 'old'), 1, 1)
  await openReplicaTarget(pathToFileURL(directory).href, {})
  t.strictSame(await readdir(parts), ['new'])
})

void t.test('a directory that went away is unreachable, and not made again', async (t) => {
  const { directory, target } = await newTarget()
  await target.create('a/1', Buffer.from('1'))
  await rename(directory, `${directory}.away`)
  const requests: readonly [name: string, request: () => Promise<unknown>][] = [
    ['list', () => target.list('')],
    ['read', () => target.read('a/1')],
    ['create', () => target.create('a/2', Buffer.from('2'))],
    ['write', () => target.write('a/1', Buffer.from('2'))],
    ['remove', () => target.remove('a/1')],
  ]
  for (const [name, request] of requests) {
    const error: unknown = await request().catch((reason: unknown) => reason)
    t.ok(error instanceof ProblemError, name)
    t.match(error, {
      code: 'replica-unreachable',
      message: `The replica ${target.name} cannot be used now: there is no such directory.`,
      cause: { code: 'ENOENT' },
    })
  }
  t.notOk((await readdir(home)).includes(String(count)))
  await rename(`${directory}.away`, directory)
  t.equal(text(await target.read('a/1')), '1')
})

void t.test('a directory that cannot be used is a problem that says why', async (t) => {
  const file = join(home, 'file')
  await writeFile(file, '')
  const cases = [
    {
      name: 'the one above is missing',
      directory: join(home, 'no', 'where'),
      want: 'there is no such directory',
    },
    { name: 'a file', directory: file, want: 'it is no directory' },
    { name: 'in a file', directory: join(file, 'x'), want: 'it is no directory' },
  ]
  for (const { name, directory, want } of cases) {
    const opened = await openReplicaTarget(pathToFileURL(directory).href, {})
    t.match(opened, { ok: false, problem: { code: 'replica-unreachable' } }, name)
    t.ok(!opened.ok && opened.problem.message.includes(want), name)
  }
  await rm(file)
})

void t.test(
  'a directory that may not be written',
  { skip: process.getuid?.() === 0 && 'root may' },
  async (t) => {
    const { directory, target } = await newTarget()
    await chmod(directory, 0o500)
    await t.rejects(target.create('a/1', Buffer.from('1')), {
      code: 'replica-unreachable',
      cause: { code: 'EACCES' },
    })
    await chmod(directory, 0o700)
  },
)
