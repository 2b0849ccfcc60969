import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadDriver } from '#lib/engine/load-driver.js'
import { temporaryDirectory } from './sqlite/open.js'

void t.test('a package that works', async (t) => {
  const loaded = loadDriver('pg')
  t.equal(loaded.ok && typeof (loaded.module as { Client: unknown }).Client, 'function')
})

const directory = temporaryDirectory(t)
const broken = {
  throws: 'throw new Error("invalid ELF header")',
  'lacks-a-dependency': 'require("failsoft-no-such-package")',
}
for (const [name, code] of Object.entries(broken)) {
  mkdirSync(join(directory, name))
  writeFileSync(join(directory, name, 'index.js'), code)
}

const refused = [
  {
    name: 'one that is not installed',
    input: 'failsoft-no-such-package',
    want: { code: 'driver-missing', hint: 'Run: npm install failsoft-no-such-package' },
  },
  {
    name: 'a module of Node that this version lacks',
    input: 'node:no-such-module',
    want: { code: 'driver-missing', message: /"node:no-such-module"/ },
  },
  {
    name: 'one that throws when loaded',
    input: join(directory, 'throws'),
    want: { code: 'driver-broken', hint: /npm install/ },
  },
  {
    name: 'one whose own dependency is not installed is broken, not missing',
    input: join(directory, 'lacks-a-dependency'),
    want: { code: 'driver-broken' },
  },
]

for (const { name, input, want } of refused) {
  void t.test(name, async (t) => {
    const loaded = loadDriver(input, 'The target')
    t.match(loaded, { ok: false, problem: { message: /^The target needs/, ...want } })
  })
}

void t.test('node:sqlite says how to get it', { skip: process.versions.node >= '22' }, async (t) => {
  t.match(loadDriver('node:sqlite'), {
    ok: false,
    problem: { code: 'driver-missing', hint: /22\.13 and later/ },
  })
})
