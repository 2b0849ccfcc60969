import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { plainNode } from '../../plain-node.ts'

interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

interface Figure {
  readonly name: string
  readonly ours: number
  readonly peer?: number
  readonly ratio?: number
  readonly met?: boolean
}

const main = fileURLToPath(new URL('../../../.bench/main.js', import.meta.url))

async function bench(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(...plainNode(main, ...args), (error, out, err) => {
      resolve({ code: Number(error?.code ?? 0), out, err })
    })
  })
}

t.test('the part that is named is measured, for programs', async (t) => {
  const { out, code } = await bench('url', '--quick', '--json')
  t.equal(code, 0)
  const { machine, quick, parts } = JSON.parse(out) as {
    machine: Record<string, string>
    quick: boolean
    parts: Record<string, readonly Figure[]>
  }
  t.strictSame(Object.keys(parts), ['url'])
  t.equal(quick, true)
  t.equal(machine['node'], `Node.js ${process.versions.node}`)
  const figures = Object.values(parts).flat()
  for (const { name, ours, peer, ratio } of figures)
    t.ok(
      [ours, peer, ratio].every((value) => value === undefined || value > 0),
      name,
    )
  t.equal(figures.filter(({ met }) => met !== undefined).length, 3, 'growth has targets')
})

t.test('a person gets a table', async (t) => {
  const { out } = await bench('url', '--quick')
  const [, title, , heading, rule, row] = out.split('\n')
  t.match(title, /^url: /)
  t.equal(heading?.length, rule?.length)
  t.equal(rule?.length, row?.length)
  t.match(row, /^\| a common URL +\| [\d.]+ ns +\|/)
})

t.test('a part that there is not is named, beside those that there are', async (t) => {
  const { code, err } = await bench('urll', '--quick')
  t.equal(code, 2)
  t.match(err, /^There is no part urll\.\n[^]*Parts: url, import, /)
})
