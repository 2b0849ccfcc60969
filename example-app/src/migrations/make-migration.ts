import { readdir, writeFile } from 'node:fs/promises'
import { listOf, template } from './template.ts'

/**
 * Makes a file for a new migration, and adds it to the list.
 *
 * @param words - what the migration does, in a few words.
 * @param folder - where migrations live, as a URL that ends in a slash.
 * @returns the name of the file.
 */
export async function makeMigration(words: string, folder: URL): Promise<string> {
  const slug = words
    .toLowerCase()
    .match(/[a-z0-9]+/g)
    ?.join('-')
  if (!slug) throw new Error('usage: npm run migrate:make -- NAME')
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const file = `${stamp}-${slug}.ts`
  await writeFile(new URL(file, folder), template, { flag: 'wx' })
  await writeFile(new URL('list.ts', folder), listOf(await readdir(folder)))
  return file
}
