import childProcess from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

// A program: imports the modules that its input names, and reports what they did besides being loaded.

const seen: string[] = []

/** What Node itself reads in order to load a module, or to find its format. */
const partOfLoading = /^data:|\.(?:[cm]?js|json|node|map)$/

function watch(owner: object, name: string, isOf: (first: unknown) => boolean = () => true): void {
  const methods = owner as Record<string, (...rest: unknown[]) => unknown>
  const original = methods[name]
  if (typeof original !== 'function') return
  methods[name] = function (this: unknown, ...rest: unknown[]) {
    if (isOf(rest[0])) seen.push(`${name} ${String(rest[0])}`)
    return original.apply(this, rest)
  }
}

const isForeign = (path: unknown): boolean => !partOfLoading.test(String(path))
const reading = ['open', 'readFile', 'readdir', 'opendir', 'createReadStream']
const writing = ['writeFile', 'appendFile', 'mkdir', 'mkdtemp', 'rm', 'unlink', 'rename', 'createWriteStream']
for (const name of [...reading, ...writing]) {
  for (const form of [name, `${name}Sync`]) watch(fs, form, isForeign)
  watch(fs.promises, name, isForeign)
}
watch(net.Socket.prototype, 'connect')
watch(net.Server.prototype, 'listen')
watch(dgram, 'createSocket')
watch(dns, 'lookup')
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
  watch(childProcess, name)
}
syncBuiltinESMExports()

process.once('message', (modules: string[]) => void report(modules))

async function report(modules: readonly string[]): Promise<void> {
  const before = openFiles()
  seen.length = 0
  const results = await Promise.allSettled(modules.map(async (module) => import(module)))
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []))
  // The channel to the parent is there anyway, and so are the last steps of Node's own loading.
  const resources = process.getActiveResourcesInfo().filter((name) => !/^Pipe|^FSReq|^CloseReq/.test(name))
  const done = [...seen]
  const files = openFiles().filter((path) => !before.includes(path))
  process.send!({ failures, seen: done, resources, files }, () => process.disconnect())
}

/** The regular files that are open, where the system tells: also those that native code has opened. */
function openFiles(): string[] {
  const folder = '/proc/self/fd'
  const targets = orElse([], () => fs.readdirSync(folder)).map((name) =>
    // The descriptor of the folder itself is closed again.
    orElse('', () => fs.readlinkSync(`${folder}/${name}`)),
  )
  return targets.filter((path) => path.startsWith('/') && !/^\/(?:dev|proc)\//.test(path))
}

function orElse<T>(fallback: T, look: () => T): T {
  try {
    return look()
  } catch {
    return fallback
  }
}
