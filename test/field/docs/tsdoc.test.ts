import t from 'tap'
import { compileExamples, runTogether } from '../../docs/examples.ts'
import { documentedExports, undocumentedMembers, type DocumentedExport } from './tsdoc.ts'

const exported = documentedExports()
const values = exported.filter(({ isValue }) => isValue)

void t.test('every value that is exported has an example', async (t) => {
  t.ok(values.length >= 10)
  for (const { name, from, examples } of values) t.ok(examples.length > 0, `${name} of ${from}`)
})

void t.test('every member of a public type is described', async (t) => {
  t.strictSame(undocumentedMembers(), [])
})

/** An example as it stands, below imports of everything else that it may name; a name of several entry points is that of its own. */
function program(example: string, own: DocumentedExport): string {
  const sources = new Map(
    [...values.toReversed(), ...values.filter(({ from }) => from === own.from)].map(({ name, from }) => [
      name,
      from,
    ]),
  )
  const imports = [...sources]
    .filter(([name]) => new RegExp(`\\b${name}\\b`).test(example))
    .map(([name, from]) => `import { ${name} } from '${from}'`)
  return [...imports, example].join('\n')
}

const sources = Object.fromEntries(
  values.flatMap((own) =>
    own.examples.map((example, index) => [
      `${own.from.replace('/', '-')}-${own.name}-${index}`,
      program(example, own),
    ]),
  ),
)
const compiled = compileExamples(sources)
t.teardown(compiled.remove)

void t.test('the examples compile, as in a strict project', async (t) => {
  t.strictSame(compiled.complaints, [])
})

void t.test('the examples run, what they say is so, and they end by themselves', async (t) => {
  const names = Object.keys(sources)
  const ran = await runTogether(compiled, names)
  for (const name of names) t.equal(ran.outcomes[name], 'ran', name)
  t.match(ran, { code: 0, err: '' })
})
