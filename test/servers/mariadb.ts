import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import type { TestServer } from './postgres.ts'

/** A MariaDB of its own that leaves nothing behind, where the machine has `mariadbd`; else why there is none. */
export async function startMariadb(): Promise<TestServer | { readonly skip: string }> {
  if (spawnSync('mariadbd', ['--version']).error) return { skip: 'mariadbd is not installed' }
  const folder = await mkdtemp(join(tmpdir(), 'failsoft-mariadb-'))
  await chmod(folder, 0o755)
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : []
  const data = join(folder, 'data')
  const init = spawnSync('mariadb-install-db', [
    '--no-defaults',
    ...asRoot,
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ])
  if (init.status !== 0) return { skip: `mariadb-install-db failed: ${init.stderr}` }
  const port = await freePort()
  const socket = join(folder, 'socket')
  const server = spawn('mariadbd', [
    '--no-defaults',
    ...asRoot,
    `--datadir=${data}`,
    `--socket=${socket}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--pid-file=${join(folder, 'pid')}`,
    '--innodb-flush-log-at-trx-commit=0',
  ])
  const exited = once(server, 'exit')
  await new Promise<void>((resolve, reject) => {
    let log = ''
    server.stderr.on('data', (chunk) => {
      log += String(chunk)
      if (log.includes('ready for connections')) resolve()
    })
    exited.then(() => reject(new Error(`mariadbd ended: ${log}`)), reject)
  })
  const sql = "create database app; create user app@'%' identified by 'secret'; grant all on *.* to app@'%'"
  const made = spawnSync('mariadb', ['--no-defaults', `--socket=${socket}`, '--user=root', '--execute', sql])
  if (made.status !== 0) throw new Error(String(made.stderr))
  return {
    url: `mysql://app:secret@127.0.0.1:${port}/app`,
    port,
    async stop() {
      server.kill('SIGTERM')
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}
