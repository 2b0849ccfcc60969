import { fileURLToPath } from 'node:url'
import t from 'tap'
import { passOnNewerNode, skip } from '../../on-newer-node.js'

t.test('stand-ins and the bound of close hold on node:sqlite too', { skip, timeout: 600_000 }, async (t) => {
  const files = ['stand-in', 'close-bound', 'return']
  await passOnNewerNode(
    t,
    files.map((name) => fileURLToPath(new URL(`../../connection/${name}.test.js`, import.meta.url))),
  )
})
