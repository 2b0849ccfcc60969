import { validateUrl } from 'failsoft'
import { alone, compared, type Figure } from '../figure.ts'
import { inTurns, type Effort, type Part } from '../part.ts'

/** `validateUrl` on a common URL, and on URLs that are much too long. */
export const urlPart: Part = {
  title: 'validateUrl',
  measure: async (effort) => [commonUrl(effort), ...(await growth(effort))],
}

function commonUrl({ quick }: Effort): Figure {
  const url = 'postgres://app:s3cret%23@db.example.com:5432/todo?sslmode=disable&application_name=x'
  const rounds = Array.from({ length: quick ? 3 : 31 }, () => nanosecondsPerRead(url, quick ? 500 : 20_000))
  return alone('a common URL', 'ns', rounds)
}

/** A text ten times as long takes ten times as long, and as much again is left for noise. What is longer still is refused unread. */
async function growth({ quick }: Effort): Promise<Figure[]> {
  const texts = {
    'one long password': (length: number) => `postgres://u:${'p'.repeat(length)}@h/d`,
    'many parameters': (length: number) => `postgres://u:p@h/d?${'a=b&'.repeat(length / 4)}`,
    'percent signs': (length: number) => `postgres://u:${'%'.repeat(length)}@h/d`,
  }
  const figures: Figure[] = []
  const reads = quick ? 1 : 5
  for (const [name, make] of Object.entries(texts)) {
    const [long, short] = [make(65_000), make(6_500)]
    const [ours = [], tenth = []] = await inTurns(quick ? 3 : 31, [
      () => nanosecondsPerRead(long, reads) / 1000,
      () => nanosecondsPerRead(short, reads * 10) / 1000,
    ])
    figures.push(compared(`65,000 characters of ${name}, beside a tenth`, 'µs', [ours, tenth], { most: 20 }))
  }
  const megabyte = `postgres://u:${'p'.repeat(2 ** 20)}@h/d`
  const refusals = Array.from({ length: quick ? 3 : 31 }, () => nanosecondsPerRead(megabyte, 50) / 1000)
  figures.push(alone('1 MiB, refused', 'µs', refusals))
  return figures
}

function nanosecondsPerRead(url: string, reads: number): number {
  const start = process.hrtime.bigint()
  for (let count = 0; count < reads; count++) validateUrl(url)
  return Number(process.hrtime.bigint() - start) / reads
}
