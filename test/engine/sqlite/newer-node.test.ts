import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

/** The path of a Node.js that has `node:sqlite`, for a gate that itself runs on an older one. */
const newerNode = process.env['FAILSOFT_NEWER_NODE']
const skip =
  (isBuiltin('node:sqlite') && 'this Node.js has node:sqlite itself') ||
  (newerNode === undefined && 'FAILSOFT_NEWER_NODE names no other Node.js')

t.test('what needs node:sqlite passes on a newer Node.js', { skip, timeout: 110_000 }, async (t) => {
  const folder = dirname(fileURLToPath(import.meta.url))
  // Load takes its time and shows nothing new of the client.
  const others = [
    'load.test.js',
    'several-programs.test.js',
    'newer-node.test.js',
    'prepare-location.test.js',
  ]
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.js') && !others.includes(name))
  for (const file of files) {
    const child = spawn(newerNode as string, [join(folder, file)], { stdio: ['ignore', 'pipe', 'inherit'] })
    const output: Buffer[] = []
    child.stdout.on('data', (data: Buffer) => output.push(data))
    const [code] = (await once(child, 'close')) as [number]
    if (!t.equal(code, 0, file)) t.comment(Buffer.concat(output).toString())
  }
})
