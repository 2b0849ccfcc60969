import { fileURLToPath } from 'node:url'
import t from 'tap'
import { passOnNewerNode, skip } from '../../on-newer-node.js'

const inReplica = ['boot', 'foreign', 'salvage', 'thread', 'writers'].map((name) => `replica/${name}`)
const files = [...inReplica, 'field/replica/damage', 'field/replica/log']

void t.test('a replica keeps what it promises on node:sqlite too', { skip, timeout: 600_000 }, async (t) => {
  const paths = files.map((name) => fileURLToPath(new URL(`../../${name}.test.js`, import.meta.url)))
  await passOnNewerNode(t, paths)
})
