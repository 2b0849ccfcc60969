import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// The licence of each package whose code lies in the bundles, as those licences ask for.
const metafile = 'dist/metafile.json'
const { inputs } = JSON.parse(readFileSync(metafile, 'utf8'))
const folders = Object.keys(inputs).map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0])
const texts = [...new Set(folders.filter((folder) => folder !== undefined))].map((folder) => {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((each) => /^licen[cs]e\b/i.test(each))
  if (!file) throw new Error(`${name} has no licence file`)
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
})
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', texts.join(`\n${'-'.repeat(80)}\n\n`))
rmSync(metafile)
