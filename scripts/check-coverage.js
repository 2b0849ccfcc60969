import { readFileSync } from 'node:fs'

// Fails where clearly less of the code is covered than in any whole run: processes that are killed report nothing, so runs differ
// by up to a hundredth. Raise the figures when more is covered. The aim is 100.
const reached = { lines: 98.9, functions: 97.3, branches: 95.5 }

/** @type {{ total: Record<string, { pct: number }> }} */
const { total } = JSON.parse(readFileSync('.tap/report/coverage-summary.json', 'utf8'))
for (const [name, atLeast] of Object.entries(reached)) {
  const covered = total[name]?.pct ?? 0
  process.stdout.write(`${name}: ${covered} % covered, at least ${atLeast} % is asked for\n`)
  if (covered < atLeast) process.exitCode = 1
}
