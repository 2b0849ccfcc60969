import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { isBuiltin } from 'node:module'
import type { Test } from 'tap'
import { uncounted } from './plain-node.ts'

/** The path of a Node.js that has `node:sqlite`, for a gate that itself runs on an older one. */
const newerNode = process.env['FAILSOFT_NEWER_NODE']

/** Why nothing needs to, or can, run on a newer Node.js beside this one. */
export const skip: string | false =
  (isBuiltin('node:sqlite') && 'this Node.js has node:sqlite itself') ||
  (newerNode === undefined && 'FAILSOFT_NEWER_NODE names no other Node.js')

/**
 * Runs test files on the newer Node.js, one after the other. Their lines are not counted: each V8 has functions of its own, and where
 * what two of them counted is put together, some that ran look as if they never did.
 */
export async function passOnNewerNode(t: Test, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const child = spawn(...uncounted(newerNode as string, file), { stdio: ['ignore', 'pipe', 'inherit'] })
    const output: Buffer[] = []
    child.stdout.on('data', (data: Buffer) => output.push(data))
    const [code] = (await once(child, 'close')) as [number]
    const text = Buffer.concat(output).toString()
    // Whoever starts PostgreSQL may end well although a test failed.
    if (!t.ok(code === 0 && !/^not ok/m.test(text), file)) t.comment(text)
  }
}
