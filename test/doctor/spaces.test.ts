import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { examine } from '#lib/doctor/examine.js'
import type { Finding } from '#lib/doctor/finding.js'
import { spaces } from './spaces/index.js'
import type { Space } from './spaces/space.js'

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

/** How often each id was given, what it explains, and how often it was a false error. */
const byCode = new Map<string, { explains: number; isFalse: number }>()
const count = (code: string, key: 'explains' | 'isFalse'): void => {
  const counts = byCode.get(code) ?? { explains: 0, isFalse: 0 }
  byCode.set(code, { ...counts, [key]: counts[key] + 1 })
}
const percent = (part: number, whole: number): string => `${Math.round((part / whole) * 100)} %`

for (const [kind, folders] of Object.entries(spaces)) {
  t.test(kind, async (t) => {
    const judged = folders.map((space) => ({ space, findings: examineSpace(space) }))
    const working = judged.filter(({ space }) => space.want === 'no error')
    const broken = judged.filter(({ space }) => space.want !== 'no error')
    for (const { space, findings } of working) {
      const errors = findings.filter(({ severity }) => severity === 'error')
      for (const { code } of errors) count(code, 'isFalse')
      t.same(errors, [], `${space.name}: no false error`)
    }
    for (const { space, findings } of broken) {
      const cause = findings.find((each) => explains(space, each))
      if (cause) count(cause.code, 'explains')
      t.ok(cause, `${space.name}: explained (${findings.map(({ code }) => code).join(', ')})`)
    }
    for (const { space, findings } of judged) {
      const sorted = findings.toSorted((a, b) => ranks[b.severity] - ranks[a.severity])
      t.same(findings, sorted, `${space.name}: what breaks comes first`)
    }
    const explained = broken.filter(({ space, findings }) => findings.some((each) => explains(space, each)))
    t.comment(
      `${kind}: ${working.length} work; of ${broken.length} that break ${explained.length} are explained`,
    )
  })
}

t.test('precision and recall, by id', async (t) => {
  const all = Object.values(spaces).flat()
  const broken = all.filter(({ want }) => want !== 'no error').length
  const counts = [...byCode.values()]
  const explained = counts.reduce((sum, each) => sum + each.explains, 0)
  const wrong = counts.reduce((sum, each) => sum + each.isFalse, 0)
  for (const [code, { explains: right, isFalse }] of byCode)
    t.comment(`${code}: explains ${right}, false ${isFalse}, precision ${percent(right, right + isFalse)}`)
  t.comment(
    `${all.length} folders; ${percent(explained, broken)} of ${broken} explained, ${wrong} false errors`,
  )
  t.equal(wrong, 0, 'no false error')
  t.ok(explained / broken >= 0.95, 'at least 95 % of what breaks is explained')
})
