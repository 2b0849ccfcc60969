import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath, pathToFileURL } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../', import.meta.url))
const watcher = fileURLToPath(new URL('watch-imports.js', import.meta.url))

/** Programs: to import them is to run them. */
const programs = ['dist/cli/main.js', 'example-app/dist/main.js', 'example-app/dist/migrations/command.js']

function modulesIn(folder: string): string[] {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => `${folder}/${name}`)
    .filter((path) => !programs.includes(path))
}

interface Report {
  readonly failures: string[]
  readonly seen: string[]
  readonly resources: string[]
  readonly files: string[]
}

async function importAll(modules: readonly string[], cwd: string): Promise<Report> {
  // tap's own loader and its coverage stay on in the child, so that each module is counted.
  const child = fork(watcher, { cwd, stdio: 'inherit' })
  child.send(modules.map((path) => pathToFileURL(root + path).href))
  const [[report]] = await Promise.all([once(child, 'message'), once(child, 'exit')])
  return report as Report
}

for (const folder of ['dist', 'example-app/dist']) {
  void t.test(`importing any module of ${folder} opens no file, socket or database`, async (t) => {
    const cwd = mkdtempSync(`${tmpdir()}/failsoft-import-`)
    t.teardown(() => rmSync(cwd, { recursive: true }))
    const modules = modulesIn(folder)
    t.ok(modules.length > 20, `${modules.length} modules`)
    const report = await importAll(modules, cwd)
    t.strictSame(report, { failures: [], seen: [], resources: [], files: [] })
    t.strictSame(readdirSync(cwd), [], 'nothing was written where it ran')
  })
}

void t.test('each of these would be noticed', async (t) => {
  const cases = [
    { name: 'a file', code: "import fs from 'node:fs'; fs.openSync('/')", want: { seen: ['openSync /'] } },
    {
      name: 'a socket',
      code: "import net from 'node:net'; net.createServer().listen(0)",
      want: { seen: ['listen 0'], resources: ['TCPServerWrap'] },
    },
    { name: 'a timer', code: 'setTimeout(() => {}, 200)', want: { resources: ['Timeout'] } },
  ]
  for (const { name, code, want } of cases) {
    const child = fork(watcher, { stdio: 'inherit' })
    child.send([`data:text/javascript,${encodeURIComponent(code)}`])
    const [report] = (await once(child, 'message')) as [Report]
    child.kill()
    t.match(report, want, name)
  }
})
