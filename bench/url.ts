import { createRequire } from 'node:module'
import { validateUrl } from 'failsoft'

const url = 'postgres://app:s3cret%23@db.example.com:5432/todo?sslmode=disable&application_name=x'
const reads = 20_000
const rounds = 31

const require: NodeJS.Require = createRequire(import.meta.url)
// The version that pg itself uses, which need not be the one at the top.
const { parse } = createRequire(require.resolve('pg'))('pg-connection-string') as {
  parse: (text: string) => unknown
}

/** How long one read of the same URL takes, in nanoseconds: the medians of rounds taken in turns. */
export interface UrlMedians {
  readonly validateUrl: number
  readonly pgConnectionString: number
}

/** Measures `validateUrl` beside the parser of pg, in this process. */
export function benchUrl(): UrlMedians {
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(timeReads(validateUrl))
    theirs.push(timeReads(parse))
  }
  return { validateUrl: median(ours), pgConnectionString: median(theirs) }
}

function timeReads(read: (text: string) => unknown): number {
  const start = process.hrtime.bigint()
  for (let count = 0; count < reads; count++) read(url)
  return Number(process.hrtime.bigint() - start) / reads
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** Prints the medians and their ratio; below 1, `validateUrl` is the faster one. */
export function reportUrl(print: (line: string) => void): void {
  const { validateUrl: ours, pgConnectionString: theirs } = benchUrl()
  print(`validateUrl: ${Math.round(ours)} ns`)
  print(`pg-connection-string: ${Math.round(theirs)} ns`)
  print(`ratio: ${(ours / theirs).toFixed(2)}`)
}

if (process.argv[1] === import.meta.filename) reportUrl((line) => process.stdout.write(`${line}\n`))
