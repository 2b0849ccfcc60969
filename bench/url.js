// How fast one URL is read, beside the parser that pg itself uses. Both read the same text in turns, in the same process.
import { createRequire } from 'node:module'
import { validateUrl } from 'failsoft'

const url = 'postgres://app:s3cret%23@db.example.com:5432/todo?sslmode=disable&application_name=x'
const reads = 20_000
const rounds = 31

const require = createRequire(import.meta.url)
const { parse } = createRequire(require.resolve('pg'))('pg-connection-string')

const readers = { 'failsoft validateUrl': validateUrl, 'pg-connection-string parse': parse }

/** Measures each reader in turns and returns the median time of one read, in nanoseconds, by name. */
export function benchUrl() {
  const times = Object.keys(readers).map((name) => [name, []])
  for (let round = 0; round < rounds; round++) {
    for (const [name, taken] of times) taken.push(timeReads(readers[name]))
  }
  return Object.fromEntries(times.map(([name, taken]) => [name, median(taken)]))
}

function timeReads(read) {
  const start = process.hrtime.bigint()
  for (let count = 0; count < reads; count++) read(url)
  return Number(process.hrtime.bigint() - start) / reads
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

/** Prints the medians and their ratio; a ratio below 1 means that failsoft is faster. */
export function reportUrl(print) {
  const medians = Object.entries(benchUrl())
  for (const [name, nanoseconds] of medians) print(`${name}: ${Math.round(nanoseconds)} ns`)
  const [[, ours], [, theirs]] = medians
  print(`ratio: ${(ours / theirs).toFixed(2)}`)
}

if (process.argv[1] === import.meta.filename) reportUrl((line) => process.stdout.write(`${line}\n`))
