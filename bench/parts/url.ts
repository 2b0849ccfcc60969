import { createRequire } from 'node:module'
import { validateUrl } from 'failsoft'
import { alone, compared, type Figure } from '../figure.ts'
import { inTurns, type Effort, type Part } from '../part.ts'

const common: readonly (readonly [name: string, url: string])[] = [
  ['a common URL', 'postgres://app:s3cret%23@db.example.com:5432/todo?sslmode=disable&application_name=x'],
  ['a URL without a query', 'postgres://app:s3cret@db.example.com:5432/todo'],
]

const require: NodeJS.Require = createRequire(import.meta.url)
// The version that pg itself uses, which need not be the one at the top.
const { parse } = createRequire(require.resolve('pg'))('pg-connection-string') as {
  parse: (text: string) => unknown
}

/** `validateUrl` beside the parser of pg, and on URLs that are much too long. */
export const urlPart: Part = {
  title: 'validateUrl beside pg-connection-string',
  async measure(effort) {
    const figures: Figure[] = []
    for (const [name, url] of common) figures.push(await beside(name, url, effort))
    return [...figures, ...(await growth(effort))]
  },
}

async function beside(name: string, url: string, { quick }: Effort): Promise<Figure> {
  const reads = quick ? 500 : 20_000
  const [ours = [], theirs = []] = await inTurns(quick ? 3 : 31, [
    () => nanosecondsPerRead(validateUrl, url, reads),
    () => nanosecondsPerRead(parse, url, reads),
  ])
  return compared(`validateUrl, ${name}`, 'ns', [ours, theirs], { most: 1 })
}

/** A text ten times as long takes ten times as long, and as much again is left for noise. What is longer still is refused unread. */
async function growth({ quick }: Effort): Promise<Figure[]> {
  const texts = {
    'one long password': (length: number) => `postgres://u:${'p'.repeat(length)}@h/d`,
    'many parameters': (length: number) => `postgres://u:p@h/d?${'a=b&'.repeat(length / 4)}`,
    'percent signs': (length: number) => `postgres://u:${'%'.repeat(length)}@h/d`,
  }
  const figures: Figure[] = []
  for (const [name, make] of Object.entries(texts)) {
    const [long, short] = [make(65_000), make(6_500)]
    const [ours = [], tenth = []] = await inTurns(quick ? 3 : 31, [
      () => nanosecondsPerRead(validateUrl, long, 5) / 1000,
      () => nanosecondsPerRead(validateUrl, short, 50) / 1000,
    ])
    figures.push(compared(`65,000 characters of ${name}, beside a tenth`, 'µs', [ours, tenth], { most: 20 }))
  }
  const megabyte = `postgres://u:${'p'.repeat(2 ** 20)}@h/d`
  const refusals = Array.from({ length: 31 }, () => nanosecondsPerRead(validateUrl, megabyte, 50) / 1000)
  figures.push(alone('1 MiB, refused', 'µs', refusals))
  return figures
}

function nanosecondsPerRead(read: (text: string) => unknown, url: string, reads: number): number {
  const start = process.hrtime.bigint()
  for (let count = 0; count < reads; count++) read(url)
  return Number(process.hrtime.bigint() - start) / reads
}
