import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { onlyBlock } from '../../docs/markdown.ts'
import { newProject, root } from '../../package/project.ts'
import { pack } from '../../package/stage.ts'

t.setTimeout(600_000)
const code = onlyBlock('README.md', 'js')
const packed = await pack()
t.teardown(packed.remove)
const strict = { strict: true, module: 'nodenext', target: 'es2022', noEmit: true, skipLibCheck: true }

void t.test('the first lines of the README, after npm init -y', async (t) => {
  const project = newProject()
  t.teardown(project.remove)
  rmSync(join(project.folder, 'package.json'))
  t.match(await project.shell('npm init -y'), { code: 0 })
  const installed = await project.install([packed.tarball, 'knex', 'better-sqlite3', '@types/node@20'])
  if (installed.code !== 0) {
    if (process.env['CI']) t.fail(installed.out)
    else t.plan(0, 'the packages are neither in the cache of npm nor to be had')
    return
  }
  project.takeNativePart('better-sqlite3')
  project.write('app.mjs', code)
  for (const { name, env, want } of [
    { name: 'no variable', env: {}, want: /^fallback DATABASE_URL is not set\./ },
    {
      name: 'a server that is down',
      env: { DATABASE_URL: 'postgres://app@127.0.0.1:1/todo' },
      want: /^fallback .*"pg".*npm install|^fallback The PostgreSQL database needs the package "pg"/,
    },
  ]) {
    const { code, out } = await project.node(['app.mjs'], env)
    t.equal(code, 0, `${name}: ${out}`)
    t.match(out, want, name)
    t.match(out, "text: 'It boots.'", name)
  }
  project.write('app.mts', code)
  project.write('tsconfig.json', { compilerOptions: strict, files: ['app.mts'] })
  const compiled = await project.node([join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'])
  t.strictSame(compiled, { code: 0, out: '' }, 'it compiles as TypeScript')
  project.write(
    'app.cjs',
    "const { openDatabase } = require('failsoft/knex')\nconsole.log(openDatabase().state.status)",
  )
  t.match(await project.node(['app.cjs']), { code: 0, out: /idle/ })
})
