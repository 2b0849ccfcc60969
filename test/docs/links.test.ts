import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { documents, readText, root } from './markdown.ts'

/** The anchor that a Markdown renderer gives to a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
}

function anchors(path: string): string[] {
  return [...readText(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))
}

for (const document of documents()) {
  void t.test(`${document}: each link leads to a file, and to a heading in it`, async (t) => {
    const links = [...readText(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    for (const link of links.filter((link) => !/^https?:/.test(link))) {
      const [path = '', anchor] = link.split('#')
      const file = path === '' ? document : join(dirname(document), path)
      t.ok(existsSync(join(root, file)), link)
      if (anchor !== undefined) t.ok(anchors(file).includes(anchor), `heading of ${link}`)
    }
  })
}
