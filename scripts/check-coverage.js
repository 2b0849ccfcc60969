import { readFileSync } from 'node:fs'

// Fails where less of the code is covered than was reached: raise the figures when more is, and never lower them. The aim is 100.
const reached = { lines: 98.9, functions: 97, branches: 95.4 }

const { total } = JSON.parse(readFileSync('.tap/report/coverage-summary.json', 'utf8'))
for (const [name, atLeast] of Object.entries(reached)) {
  const { pct } = total[name]
  console.log(`${name}: ${pct} % covered, at least ${atLeast} % is asked for`)
  if (pct < atLeast) process.exitCode = 1
}
