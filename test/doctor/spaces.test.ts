import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { examine } from '#lib/doctor/examine.js'
import type { Finding } from '#lib/doctor/finding.js'
import { fixtures } from './overlay.js'
import { ownSpaces } from './spaces/index.js'
import type { Space } from './spaces/space.js'

const { cases } = JSON.parse(readFileSync(join(fixtures, 'spaces/from-the-field.json'), 'utf8')) as {
  cases: readonly Space[]
}
const spaces = [...cases, ...ownSpaces]
const ranks = { note: 0, warning: 1, error: 2 } as const

function examineSpace({ files, base64 = {} }: Space): readonly Finding[] {
  const directory = mkdtempSync(join(tmpdir(), 'failsoft-doctor-'))
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), content)
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  for (const [path, text] of Object.entries(base64)) write(path, Buffer.from(text, 'base64'))
  try {
    return examine(directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function explains({ want, about = '' }: Space, { severity, message, hint }: Finding): boolean {
  return want !== 'no error' && ranks[severity] >= ranks[want] && new RegExp(about).test(`${message} ${hint}`)
}

/** How often each kind of error was right: [on folders that break, on folders that work]. */
const errors = new Map<string, [number, number]>()

for (const space of spaces) {
  t.test(`${space.want}: ${space.name}`, async (t) => {
    const findings = examineSpace(space)
    const found = findings.filter(({ severity }) => severity === 'error')
    for (const code of new Set(found.map((each) => each.code))) {
      const [right, wrong] = errors.get(code) ?? [0, 0]
      errors.set(code, space.want === 'no error' ? [right, wrong + 1] : [right + 1, wrong])
    }
    if (space.want === 'no error') t.same(found, [], 'no false error')
    else
      t.ok(
        findings.some((each) => explains(space, each)),
        JSON.stringify(findings),
      )
    t.same(
      findings,
      findings.toSorted((a, b) => ranks[b.severity] - ranks[a.severity]),
      'what breaks comes first',
    )
  })
}

t.test('precision and recall', async (t) => {
  const broken = spaces.filter(({ want }) => want !== 'no error')
  t.ok(broken.length > 100 && spaces.length - broken.length > 80, 'enough of both')
  for (const [code, [right, wrong]] of errors) t.comment(`${code}: right ${right}, false ${wrong}`)
  t.comment(`${broken.length} folders that break, ${spaces.length - broken.length} that work`)
})
