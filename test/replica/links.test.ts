import { existsSync, lstatSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CopiedDatabase, countRows, reopen, untilShipped, write } from './copied-database.ts'

void t.test('a link to a file that is not there yet', async (t) => {
  const place = new CopiedDatabase()
  const link = join(place.folder, 'link.db')
  symlinkSync(place.filename, link)
  const more = { env: { ...place.env, DATABASE_URL: `sqlite:${link}` } }
  const first = await reopen(place, more)
  await write(first, 3)
  await untilShipped(first)
  await first.close()
  t.ok(existsSync(place.filename), 'the file is made where the link leads')
  place.wipe()
  const again = await reopen(place, more)
  t.equal(await countRows(again), 3)
  await again.close()
  t.ok(lstatSync(link).isSymbolicLink(), 'and restored there')
  t.ok(existsSync(place.filename))
})
