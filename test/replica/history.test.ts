import { join } from 'node:path'
import { DirectoryTarget } from '#lib/replica/directory-target.js'
import { readHistory } from '#lib/replica/history.js'
import { keys } from '#lib/replica/keys.js'
import { prune } from '#lib/replica/prune.js'
import { writeStart } from '#lib/replica/start.js'
import { newFolder } from '#test/new-folder.js'
import t from 'tap'

void t.test('a program that runs for so long that it begins its ten thousandth generation', async (t) => {
  const target = new DirectoryTarget(join(newFolder(), 'replica'))
  await target.prepare()
  for (const count of [9, 10, 9999, 10_000, 123_456]) {
    const generation = keys.generation(7, count)
    const { content, hash } = writeStart({ format: 1, base: [] })
    await target.write(keys.start(generation, hash), content)
    t.equal((await readHistory(target))?.end.point.generation, generation, `${count}`)
  }
})

void t.test('generations of a former version, which wrote fewer digits', async (t) => {
  const target = new DirectoryTarget(join(newFolder(), 'replica'))
  await target.prepare()
  for (const name of ['0000000007-9999', '0000000007-10000', '0000000008-0001', '0000000009-00000001']) {
    const generation = `${name}-0123abcd`
    const { content, hash } = writeStart({ format: 1, base: [] })
    await target.write(keys.start(generation, hash), content)
    await target.write(keys.proved, Buffer.from(generation))
    const history = await readHistory(target)
    t.match(history, { damage: undefined, end: { point: { generation } } }, name)
    await prune(target, generation)
    t.equal((await target.list(keys.folder)).length, 1, 'the older ones are removed')
  }
})
