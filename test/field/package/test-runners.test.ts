import t from 'tap'
import { codeBlocks, readText } from '../../docs/markdown.ts'
import { pack } from '../../package/stage.ts'
import { projectWith } from './user-project.ts'

t.setTimeout(600_000)
const settings = codeBlocks(readText('docs/recipes/tests.md')).find(({ code }) =>
  code.startsWith('// jest.config.cjs\n'),
)!
const packed = await pack()
t.teardown(packed.remove)

/** A test of a user, with spies on the handle. */
const body = (mock: string): string => `
test('a spy on the handle', async () => {
  const database = openDatabase({ env: { DATABASE_URL: 'sqlite::memory:' } })
  for (const use of [() => database.knex.raw('select 1'), () => database.knex.ref('a'), () => database.knex.fn.now()])
    expect(use).toThrow(DatabaseUnavailableError)
  await database.connect()
  const raw = ${mock}.spyOn(database.knex, 'raw').mockResolvedValue([{ two: 2 }])
  expect(await database.knex.raw('a')).toEqual([{ two: 2 }])
  expect(raw).toHaveBeenCalledWith('a')
  raw.mockRestore()
  expect(await database.knex.raw('select 1 as one')).toEqual([{ one: 1 }])
  const transaction = ${mock}.spyOn(database.knex, 'transaction')
  await database.knex.transaction(async (trx) => trx.raw('select 1'))
  expect(transaction).toHaveBeenCalledTimes(1)
  ${mock}.restoreAllMocks()
  expect(String(database.knex.ref('a'))).toBe('\`a\`')
  await database.close()
})
`
const names = '{ DatabaseUnavailableError, openDatabase }'

for (const { name, packages, file, code, files = {}, command, env = {} } of [
  {
    name: 'Vitest',
    packages: ['vitest'],
    file: 'spy.test.js',
    code: `import { expect, test, vi } from 'vitest'\nimport ${names} from 'failsoft/knex'\n${body('vi')}`,
    command: 'vitest run',
  },
  {
    name: 'Jest with ES modules',
    packages: ['jest'],
    file: 'spy.test.js',
    code: `import { jest } from '@jest/globals'\nimport ${names} from 'failsoft/knex'\n${body('jest')}`,
    files: { 'jest.config.js': 'export default { transform: {} }\n' },
    command: 'jest',
    env: { NODE_OPTIONS: '--experimental-vm-modules' },
  },
  {
    name: 'Jest with CommonJS',
    packages: ['jest', '@swc/core', '@swc/jest'],
    file: 'spy.test.cjs',
    code: `const ${names} = require('failsoft/knex')\n${body('jest')}`,
    files: {
      'jest.config.cjs': settings.code.replace(
        'module.exports = {\n',
        "module.exports = {\n  testMatch: ['**/*.test.cjs'],\n",
      ),
    },
    command: 'jest',
  },
] as {
  name: string
  packages: string[]
  file: string
  code: string
  files?: Record<string, string>
  command: string
  env?: Record<string, string>
}[]) {
  void t.test(name, async (t) => {
    const project = await projectWith(t, [packed.tarball, 'knex', 'better-sqlite3', ...packages])
    if (!project) return
    project.takeNativePart('better-sqlite3')
    for (const [path, content] of Object.entries({ [file]: code, ...files })) project.write(path, content)
    const options = env['NODE_OPTIONS'] ? `NODE_OPTIONS=${env['NODE_OPTIONS']} ` : ''
    const ran = await project.shell(options + command, { CI: 'true' })
    t.equal(ran.code, 0, ran.out)
    t.match(ran.out, /1 passed/)
  })
}
