import t from 'tap'
import { compileExamples, runFile, runTogether } from './examples.ts'
import { onlyBlock } from './markdown.ts'

const compiled = compileExamples({
  right: "const word = 'a' + 'b' // 'ab'\nword.length // 2",
  'wrong-value': '1 + 1 // 3',
  'wrong-type': "const count: number = 'one'\nvoid count",
})
t.teardown(compiled.remove)

void t.test('an example that breaks a rule of the types is noticed', async (t) => {
  t.equal(compiled.complaints.length, 1)
  t.match(compiled.complaints[0], /wrong-type\.mts.*not assignable to type 'number'/)
})

void t.test('an example that says what is not so is noticed', async (t) => {
  t.equal((await runFile(compiled.file('right'))).code, 0)
  t.match(await runFile(compiled.file('wrong-value')), {
    code: 1,
    err: 'Expected values to be strictly deep-equal',
  })
  const { outcomes } = await runTogether(compiled, ['wrong-value', 'right'])
  t.match(outcomes, { 'wrong-value': 'Expected values to be strictly deep-equal', right: 'ran' })
})

void t.test('a document must have the block that is asked for, and only one', async (t) => {
  t.throws(() => onlyBlock('README.md', 'python'), { message: 'README.md has 0 blocks of python, not one' })
})
