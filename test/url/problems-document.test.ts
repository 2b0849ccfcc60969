import { readFileSync } from 'node:fs'
import { problemCatalogue } from 'failsoft'
import t from 'tap'

const text = readFileSync(new URL('../../docs/problems.md', import.meta.url), 'utf8')
const sections = new Map(
  text
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.split('\n', 1)[0], section] as const),
)

t.strictSame(
  [...sections.keys()],
  Object.keys(problemCatalogue),
  'every code has a section, in the same order',
)

for (const [code, { reason, severity }] of Object.entries(problemCatalogue)) {
  const section = sections.get(code) ?? ''
  t.match(section, /^- What to do: .+\.$/m, `${code} says what to do`)
  t.match(section, /^- Example: .+$/m, `${code} has an example`)
  t.ok(section.includes(`reason \`${reason}\``), `${code} names its reason`)
  const kind =
    severity.lenient === 'problem' ? 'refused' : severity.strict === 'problem' ? 'repaired' : 'noted'
  if (/\*\w+\*,/.test(section)) t.ok(section.includes(`*${kind}*`), `${code} names its severity`)
}
