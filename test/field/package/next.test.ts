import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { codeBlocks, readText } from '../../docs/markdown.ts'
import { pack } from '../../package/stage.ts'
import { plainNode } from '../../plain-node.ts'
import { freePort } from '../../servers/free-port.ts'
import { startPostgres } from '../../servers/postgres.ts'
import { projectWith } from './user-project.ts'

t.setTimeout(600_000)
const settings = codeBlocks(readText('docs/recipes/bundlers.md')).find(({ code }) =>
  code.startsWith('// next.config.mjs\n'),
)!
const layout = 'export default ({ children }) => <html lang="en"><body>{children}</body></html>\n'
const route = `
import knex from 'knex'
import pg from 'pg'
import { openDatabase } from 'failsoft/knex'

export const dynamic = 'force-dynamic'
const database = openDatabase({ drivers: { knex, pg } })

export async function GET() {
  const { status, problem } = await database.connect()
  if (problem) return Response.json({ status, problem })
  return Response.json({ status, rows: await database.knex.select(database.knex.raw('1 as one')) })
}
`
const packed = await pack()
t.teardown(packed.remove)
const server = await startPostgres()
t.teardown(server.remove)

/** Asks until the service answers; it rejects with what it wrote where it has ended. */
async function ask(url: string, isRunning: () => boolean): Promise<unknown> {
  while (isRunning()) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer) return await answer.json()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the service has ended')
}

void t.test('the standalone output of Next.js', async (t) => {
  const project = await projectWith(t, [packed.tarball, 'knex', 'pg', 'next@16', 'react', 'react-dom'])
  if (!project) return
  const { folder } = project
  mkdirSync(join(folder, 'app/notes'), { recursive: true })
  // Without this Next looks for a lockfile in every folder above.
  const here = 'import.meta.dirname'
  const root = `outputFileTracingRoot: ${here}, turbopack: { root: ${here} },`
  project.write('next.config.mjs', settings.code.replace('{\n', `{\n  ${root}\n`))
  project.write('app/layout.jsx', layout)
  project.write('app/notes/route.js', route)
  const built = await project.shell('next build', { NEXT_TELEMETRY_DISABLED: '1' })
  t.equal(built.code, 0, built.out)
  const elsewhere = mkdtempSync(join(tmpdir(), 'failsoft-next-'))
  t.teardown(() => rmSync(elsewhere, { recursive: true, force: true }))
  cpSync(join(folder, '.next/standalone'), elsewhere, { recursive: true })
  renameSync(join(folder, 'node_modules'), join(folder, 'gone'))
  const port = await freePort()
  const env = {
    PATH: process.env['PATH'],
    PORT: String(port),
    HOSTNAME: '127.0.0.1',
    DATABASE_URL: server.url,
  }
  const child = spawn(...plainNode('server.js'), { cwd: elsewhere, env, stdio: 'ignore' })
  const ended = once(child, 'exit')
  const answer = await ask(`http://127.0.0.1:${port}/notes`, () => child.exitCode === null)
  t.strictSame(answer, { status: 'connected', rows: [{ one: 1 }] })
  child.kill('SIGKILL')
  await ended
})
