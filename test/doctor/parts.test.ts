import t from 'tap'
import { makeEnvironment } from '#lib/doctor/environment.js'
import { closest } from '#lib/doctor/closest.js'
import { readDockerignore, readGitignore } from '#lib/doctor/ignored.js'
import { findJavaScriptServers } from '#lib/doctor/source/javascript.js'
import { findPythonServers } from '#lib/doctor/source/python.js'
import { readCommands } from '#lib/doctor/shell/commands.js'
import { expandWord } from '#lib/doctor/shell/expand-word.js'
import { validate } from '#lib/doctor/metadata/validate-metadata.js'
import { metadataSchema } from '#lib/doctor/metadata/metadata-schema.js'

const environment = makeEnvironment({ PORT: '7860', UNKNOWN: undefined }, true)

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

t.test('a .dockerignore begins at the root, a .gitignore anywhere', async (t) => {
  const rules = '*.txt\n**/.env\n!keep.txt\n'
  const table = [
    { path: 'a.txt', docker: true, git: true },
    { path: 'sub/a.txt', docker: false, git: true },
    { path: 'keep.txt', docker: false, git: false },
    { path: 'sub/.env', docker: true, git: true },
  ]
  for (const { path, docker, git } of table) {
    t.equal(readDockerignore(rules)(path), docker, path)
    t.equal(readGitignore(rules)(path), git, path)
  }
})

t.test('words of a shell', async (t) => {
  const table = [
    { input: 'a "b c" \'d $PORT\' f\\ g', want: [['a'], ['b c'], ['d $PORT'], ['f g']] },
    {
      input: 'x $PORT ${PORT} "${PORT}1" ${NONE:-8000} ${NONE-9} ${PORT:+y}',
      want: [['x'], ['7860'], ['7860'], ['78601'], ['8000'], ['9'], ['y']],
    },
    { input: 'x $NONE "$NONE" $UNKNOWN $(date)', want: [['x'], [], [''], undefined, undefined] },
    { input: 'x "$@" $1 $2', want: [['x'], ['one', 'two'], ['one'], ['two']] },
  ]
  for (const { input, want } of table) {
    const [command] = readCommands(input)!
    t.same(
      command!.words.map((word) => expandWord(word, environment, ['one', 'two'])),
      want,
      input,
    )
  }
})

t.test('commands of a script', async (t) => {
  const kinds = (script: string): string[] | undefined =>
    readCommands(script)?.map(({ name, isBackground, isConditional, isTolerated, isLast }) =>
      [
        name?.text,
        isBackground && 'background',
        isConditional && 'conditional',
        isTolerated && 'tolerated',
        isLast && 'last',
      ]
        .filter(Boolean)
        .join(' '),
    )
  t.same(kinds('a & b'), ['a background tolerated', 'b last'])
  t.same(kinds('a && b || c'), ['a tolerated', 'b tolerated last', 'c conditional last'])
  t.same(kinds('set -e\na\nb'), ['set', 'a', 'b last'])
  t.same(kinds('a\nb'), ['a tolerated', 'b last'])
  t.same(kinds('if a; then b; fi; (c; d)'), [
    'a conditional tolerated',
    'b conditional tolerated',
    'c tolerated',
    'd last',
  ])
  t.equal(kinds('if a; then'), undefined, 'what does not parse')
})

t.test('where a Python program listens', async (t) => {
  const table = [
    { source: "uvicorn.run(app, port=int(os.environ['PORT']))", want: ['127.0.0.1:7860'] },
    { source: "uvicorn.run(app, host=os.getenv('HOST') or '0.0.0.0', port=8_000)", want: ['0.0.0.0:8000'] },
    { source: 'uvicorn.run(app, **options)', want: ['?:?'] },
    { source: 'PORT = 1\nPORT = 2\nuvicorn.run(app, port=PORT)', want: ['127.0.0.1:?'] },
    { source: 'def f(PORT):\n  uvicorn.run(app, port=PORT)\nPORT = 1\nf(2)', want: ['127.0.0.1:?'] },
    { source: "uvicorn.run(app, uds='/tmp/x')", want: ['?:?'] },
    { source: "x = 'uvicorn.run(app)' # uvicorn.run(app)", want: [] },
  ]
  for (const { source, want } of table) {
    t.same(
      findPythonServers(source, environment).servers.map(({ host, port }) => `${host ?? '?'}:${port ?? '?'}`),
      want,
      source,
    )
  }
})

t.test('where a JavaScript program listens', async (t) => {
  const table = [
    { source: 'app.listen(+process.env.PORT || 3000)', want: ['0.0.0.0:7860'] },
    {
      source: "const p: number = Number(process.env['NONE'] ?? 3000); app.listen(p, '::1')",
      want: ['::1:3000'],
    },
    { source: 'let p = 1; p = 2; app.listen(p)', want: ['0.0.0.0:?'] },
    { source: 'app.listen({ port: 5, ...rest })', want: ['?:5'] },
    { source: 'Bun.serve({ fetch })', want: ['0.0.0.0:7860'] },
    { source: "'app.listen(1)' // app.listen(2)", want: [] },
  ]
  for (const { source, want } of table) {
    t.same(
      findJavaScriptServers(source, environment).servers.map(
        ({ host, port }) => `${host ?? '?'}:${port ?? '?'}`,
      ),
      want,
      source,
    )
  }
})

t.test('the metadata is judged by its schema', async (t) => {
  const table = [
    { value: { sdk: 'docker', title: 'T' }, want: [] },
    { value: { title: 'T', extra: 1 }, want: [' required', ' additionalProperties'] },
    {
      value: { sdk: 'x', title: '', app_port: '1', hf_oauth_scopes: ['email', 'x'] },
      want: ['/title minLength', '/sdk enum', '/app_port type', '/hf_oauth_scopes/1 enum'],
    },
    {
      value: { sdk: 'docker', title: 'T', app_port: 70_000, short_description: 'x'.repeat(61) },
      want: ['/app_port maximum', '/short_description maxLength'],
    },
  ]
  for (const { value, want } of table) {
    t.same(
      validate(metadataSchema, value).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`),
      want,
    )
  }
})
