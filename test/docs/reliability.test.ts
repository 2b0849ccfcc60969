import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const page = join(dirname(fileURLToPath(import.meta.url)), '../../docs/reliability.md')
const text = readFileSync(page, 'utf8')

t.test('every promise names a test that exists', async (t) => {
  const rows = text.split('\n').filter((line) => /^\| [BRL]\d+\s+\|/.test(line))
  t.equal(rows.length, 47)
  for (const row of rows) {
    const number = row.split('|')[1]?.trim()
    const proofs = [...row.matchAll(/\]\((\.\.\/test\/[^)]+)\)([^;|]*)/g)]
    t.ok(proofs.length > 0, `${number} has a proof`)
    for (const [, link = '', titles = ''] of proofs) {
      const file = join(dirname(page), link)
      t.ok(existsSync(file), link)
      if (!statSync(file).isFile()) continue
      const source = readFileSync(file, 'utf8')
      for (const [, title = ''] of titles.matchAll(/"([^"]+)"/g))
        t.ok(source.includes(title), `${number}: ${title}`)
    }
  }
})
