import { publicProblem } from 'example-app/database/public-problem.js'
import { problemCatalogue, type Problem, type ProblemCode } from 'failsoft'
import t from 'tap'

const secret = 'secret-host.example'
const codes = Object.keys(problemCatalogue) as ProblemCode[]

/** A problem as the library makes it, with the place that it is about in each of its texts. */
function detailed(code: ProblemCode, detail: (name: string) => string): Problem {
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => detail(name))
  const { message, hint } = problemCatalogue[code]
  return { code, message: fill(message), hint: fill(hint) }
}

/** The same, where not all words are known. */
function vague(code: ProblemCode, detail: (name: string) => string): Problem {
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => detail(name))
  const { message, hint } = problemCatalogue[code].otherwise ?? problemCatalogue[code]
  return { code, message: fill(message), hint: fill(hint) }
}

void t.test('names no host and no file, whatever the problem is', async (t) => {
  const leaky = [
    'target',
    'host',
    'hosts',
    'path',
    'advice',
    'why',
    'cause',
    'text',
    'value',
    'when',
    'words',
  ]
  for (const code of codes.filter((each) => !['missing', 'empty'].includes(each))) {
    const shown = publicProblem(detailed(code, (name) => (leaky.includes(name) ? secret : 'Word')))
    t.notMatch(JSON.stringify(shown), secret, code)
    t.notMatch(JSON.stringify(shown), /[{}]\w|\w[{}]/, `${code}: nothing is left to be filled in`)
    t.ok(shown.message && shown.hint, code)
    t.match(shown.message, /^[A-Z…]/, `${code}: a sentence`)
    const less = publicProblem(vague(code, (name) => (leaky.includes(name) ? secret : 'Word')))
    t.notMatch(JSON.stringify(less), secret, `${code}, where less is known`)
  }
})

void t.test('leaves no hole where a detail was', async (t) => {
  const problem = detailed('sqlite-ephemeral', () => secret)
  t.strictSame(publicProblem(problem), {
    code: 'sqlite-ephemeral',
    message: 'The database is temporary: its rows will be lost.',
    hint: 'Put the file on a disk that stays, or set DATABASE_URL.',
  })
  t.equal(
    publicProblem(detailed('localhost-in-container', () => secret)).message,
    'The database URL names the host "localhost", which inside a container is the container itself.',
  )
})

void t.test('keeps what says nothing of the place', async (t) => {
  const problem = detailed('unsupported-scheme', (name) => `<${name}>`)
  t.equal(publicProblem(problem).message, problem.message)
  const missing = detailed('missing', () => 'Settings → Variables and secrets')
  t.strictSame(publicProblem(missing), missing)
})
