import { arch, cpus, platform, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import type { Figure } from './figure.ts'
import { parts } from './parts.ts'
import { table } from './table.ts'

const usage = `Usage: npm run bench -- [PART…] [--quick] [--json]

Parts: ${Object.keys(parts).join(', ')}. Default: all of them.
  --quick  little of each, to see that it runs; the figures mean little
  --json   for programs
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
})
const unknown = positionals.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) {
  process.stderr.write(`There is no part ${unknown.join(', ')}.\n\n${usage}`)
  process.exit(2)
} else if (values.help) process.stdout.write(usage)
else await measure(positionals.length > 0 ? positionals : Object.keys(parts), values)

async function measure(
  names: readonly string[],
  options: { quick?: boolean; json?: boolean },
): Promise<void> {
  const { quick = false, json = false } = options
  const results: Record<string, readonly Figure[]> = {}
  for (const name of names) {
    const part = parts[name]
    if (!part) continue
    const figures = await part.measure({ quick })
    results[name] = figures
    if (!json) process.stdout.write(`\n${name}: ${part.title}\n\n${table(figures)}`)
  }
  const machine = describeMachine()
  if (json) process.stdout.write(`${JSON.stringify({ machine, quick, parts: results }, undefined, 2)}\n`)
  else process.stdout.write(`\n${Object.values(machine).join(', ')}${quick ? ', quick' : ''}\n`)
  // Programs that were started are stopped with this one.
  process.exit(0)
}

function describeMachine(): Record<string, string> {
  return {
    node: `Node.js ${process.versions.node}`,
    system: `${platform()} ${arch()}`,
    processors: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  }
}
