import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { passOnNewerNode, skip } from '../../../on-newer-node.js'

t.test('what needs node:sqlite passes on a newer Node.js', { skip, timeout: 280_000 }, async (t) => {
  const folder = fileURLToPath(new URL('../../../engine/sqlite/', import.meta.url))
  // Load takes its time and shows nothing new of the client.
  const others = ['load.test.js', 'several-programs.test.js', 'prepare-location.test.js']
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.js') && !others.includes(name))
  await passOnNewerNode(
    t,
    files.map((file) => join(folder, file)),
  )
})
