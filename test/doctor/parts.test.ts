import t from 'tap'
import { parseDockerfile } from '#lib/cli/doctor/dockerfile/parse-dockerfile.js'
import { describeImage } from '#lib/cli/doctor/dockerfile/image.js'
import { splitWords } from '#lib/cli/doctor/dockerfile/split-words.js'
import { isSkipped, parseIgnoreFile } from '#lib/cli/doctor/ignore-file.js'
import { closest } from '#lib/cli/doctor/metadata/closest.js'
import { fitsRange, type PartialVersion } from '#lib/cli/doctor/node-range.js'

const ranges: readonly { known: PartialVersion; range: string; want: boolean }[] = [
  { known: [24], range: '>=20.19', want: true },
  { known: [20], range: '>=20.19', want: true },
  { known: [20, 18], range: '>=20.19', want: false },
  { known: [18], range: '>=20', want: false },
  { known: [22], range: '^20.19.0 || >=22.12.0', want: true },
  { known: [21], range: '^20.19.0 || >=22.12.0', want: false },
  { known: [20, 19, 1], range: '~20.19', want: true },
  { known: [20, 20], range: '~20.19', want: false },
  { known: [22], range: '20 - 22', want: true },
  { known: [23], range: '20 - 22', want: false },
  { known: [22], range: '20.x', want: false },
  { known: [24], range: '>= 18 < 24', want: false },
  { known: [24], range: '<=24', want: true },
  { known: [24, 1, 0], range: '>24.0.0', want: true },
  { known: [24, 1], range: '=24.1.0', want: true },
  { known: [24], range: '*', want: true },
  { known: [24], range: 'lts', want: true },
]

t.test('ranges of Node', async (t) => {
  for (const { known, range, want } of ranges)
    t.equal(fitsRange(known, range), want, `${known.join('.')} in ${range}`)
})

t.test('the closest name', async (t) => {
  const names = ['app_port', 'colorFrom', 'emoji', 'sdk', 'short_description']
  const table = {
    app_prot: 'app_port',
    'app-port': 'app_port',
    color_from: 'colorFrom',
    emojy: 'emoji',
    SDK: 'sdk',
    weather: undefined,
    x: undefined,
  }
  for (const [text, want] of Object.entries(table)) t.equal(closest(text, names), want, text)
})

t.test('words of a shell', async (t) => {
  const want = ['a', 'b c', 'd "e"', 'f g', 'hij', 'say "k"', '"']
  t.same(splitWords(String.raw`a "b c" 'd "e"' f\ g h"i"j "say \"k\"" "`), want)
  t.same(splitWords(''), [])
})

t.test('files that are ignored', async (t) => {
  const rules = parseIgnoreFile('# secrets\n/.env*\n!.env.example\n**/*.log\nnode_modules/\n')
  const table = {
    '.env': true,
    '.env.local': true,
    '.env.example': false,
    'a.log': true,
    node_modules: true,
    'a.js': false,
  }
  for (const [path, want] of Object.entries(table)) t.equal(isSkipped(rules, path), want, path)
})

t.test('instructions of a Dockerfile have the line of their keyword', async (t) => {
  const { stages } = parseDockerfile(
    '\uFEFF# escape=`\r\nfrom a AS one\r\nrun x `\r\n  # why\r\n\r\n  y\r\nCOPY <<one <<"two" /\r\n1\r\none\r\n2\r\ntwo\r\nUSER z\r\n',
  )
  t.same(stages, [
    {
      base: 'a',
      name: 'one',
      line: 2,
      instructions: [
        { keyword: 'RUN', text: 'x    y', line: 3 },
        { keyword: 'COPY', text: '<<one <<"two" /\n1\n2', line: 7 },
        { keyword: 'USER', text: 'z', line: 12 },
      ],
    },
  ])
  t.equal(
    parseDockerfile('FROM a\nRUN <<EOF\nx').stages[0]!.instructions.length,
    2,
    'a here-document without end',
  )
})

const images = [
  { name: 'no stage', text: 'RUN x', want: undefined },
  {
    name: 'values that build on others',
    text: 'FROM a\nARG P=1\nENV Q=${P}2 R=${X:-3}\nENV S a b\nUSER $Q',
    want: { user: { value: '12' }, env: { R: '3', S: 'a b' } },
  },
  {
    name: 'the working directory',
    text: 'FROM a\nWORKDIR /x\nWORKDIR y',
    want: { workingDirectory: '/x/y' },
  },
  {
    name: 'a stage on another',
    text: 'FROM a AS One\nUSER u\nFROM one\nCMD x',
    want: { base: 'a', user: { value: 'u' } },
  },
  {
    name: 'entry point and command',
    text: 'FROM a\nENTRYPOINT ["a"]\nCMD ["b"]',
    want: { command: { words: ['a', 'b'], isShell: false } },
  },
  {
    name: 'an entry point in a shell',
    text: 'FROM a\nENTRYPOINT a\nCMD ["b"]',
    want: { command: { words: ['a'], isShell: true } },
  },
  {
    name: 'a shell that is replaced',
    text: 'FROM a\nCMD exec a b',
    want: { command: { words: ['a', 'b'], isShell: false } },
  },
  {
    name: 'JSON that is no list',
    text: 'FROM a\nCMD "a"',
    want: { command: { words: ['a'], isShell: true } },
  },
]

for (const { name, text, want } of images) {
  t.test(`image: ${name}`, async (t) => {
    const image = describeImage(parseDockerfile(text))
    const env = Object.fromEntries([...(image?.env ?? [])].map(([key, { value }]) => [key, value]))
    if (want) t.hasStrict({ ...image, env }, want)
    else t.equal(image, undefined)
  })
}
