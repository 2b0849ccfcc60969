import { createRequire } from 'node:module'
import { validateUrl } from 'failsoft'
import { compared, type Figure } from '../figure.ts'
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

/** A text ten times as long takes ten times as long; four times as much is left for caches and noise. */
async function growth({ quick }: Effort): Promise<Figure[]> {
  const texts = {
    'one long password': (length: number) => `postgres://u:${'p'.repeat(length)}@h/d`,
    'many parameters': (length: number) => `postgres://u:p@h/d?${'a=b&'.repeat(length / 4)}`,
    'percent signs': (length: number) => `postgres://u:${'%'.repeat(length)}@h/d`,
  }
  const figures: Figure[] = []
  for (const [name, make] of Object.entries(texts)) {
    const [long, short] = [make(2 ** 20), make(2 ** 20 / 10)]
    const [ours = [], tenth = []] = await inTurns(quick ? 3 : 11, [
      () => nanosecondsPerRead(validateUrl, long, 3) / 1e6,
      () => nanosecondsPerRead(validateUrl, short, 30) / 1e6,
    ])
    figures.push(compared(`1 MiB of ${name}, beside a tenth`, 'ms', [ours, tenth], { most: 40 }))
  }
  return figures
}

function nanosecondsPerRead(read: (text: string) => unknown, url: string, reads: number): number {
  const start = process.hrtime.bigint()
  for (let count = 0; count < reads; count++) read(url)
  return Number(process.hrtime.bigint() - start) / reads
}
