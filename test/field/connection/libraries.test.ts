import { rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import makeKnex from 'knex'
import t from 'tap'
import { openPlaces, openSubjects } from '../../connection/drop-in-places.js'
import { newProject, root } from '../../package/project.js'
import { cases, libraries, type Load } from './library-cases.js'

const project = newProject()
t.teardown(project.remove)
// Installing takes its time.
t.setTimeout(300_000)
const { code, out } = await project.install(['--legacy-peer-deps', ...libraries])
if (code === 0) await compareAll()
else if (process.env['CI']) t.fail(out)
else t.plan(0, 'the packages are neither in the cache of npm nor to be had')

async function compareAll(): Promise<void> {
  const require = createRequire(join(project.folder, 'program.js'))
  // What a library changes in knex is changed for all.
  const itsKnex = join(project.folder, 'node_modules/knex')
  rmSync(itsKnex, { recursive: true, force: true })
  symlinkSync(join(root, 'node_modules/knex'), itsKnex)
  const load: Load = async (name) => {
    const loaded = (await import(pathToFileURL(require.resolve(name)).href)) as { default?: unknown }
    return loaded.default ?? loaded
  }

  for (const { name, kind, config, url, options } of await openPlaces(t)) {
    void t.test(name, async (t) => {
      const plain = makeKnex(config)
      t.teardown(() => plain.destroy())
      const subjects = Object.entries(await openSubjects(t, { url, options }))

      for (const { name: library, on, work } of cases) {
        if (on && !on.includes(name)) continue
        await t.test(library, async (t) => {
          const want = await work(plain, load, kind)
          for (const [subject, knex] of subjects) t.strictSame(await work(knex, load, kind), want, subject)
        })
      }
    })
  }
}
