import { readFileSync } from 'node:fs'

// Fails where less of the code is covered than was reached, with room for what two runs differ by: raise the figures when more is,
// and never lower them. The aim is 100.
const reached = { lines: 99.1, functions: 98.4, branches: 95.8 }

/** @type {{ total: Record<string, { pct: number }> }} */
const { total } = JSON.parse(readFileSync('.tap/report/coverage-summary.json', 'utf8'))
for (const [name, atLeast] of Object.entries(reached)) {
  const covered = total[name]?.pct ?? 0
  process.stdout.write(`${name}: ${covered} % covered, at least ${atLeast} % is asked for\n`)
  if (covered < atLeast) process.exitCode = 1
}
