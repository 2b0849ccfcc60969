import { problemCatalogue, type ProblemCode } from 'failsoft'
import t from 'tap'
import { problem } from '#lib/problem/problem.js'
import { serverProblems } from '#lib/problem/server-problems.js'
import { sqliteProblems } from '#lib/problem/sqlite-problems.js'
import { describe } from '#lib/engine/errors/classify-error.js'

const codes = Object.keys(problemCatalogue) as ProblemCode[]

void t.test('a sentence whose words are not known is another sentence', async (t) => {
  const known = problem('driver-missing', { target: 'It', package: 'pg' })
  t.equal(known.message, 'It needs the package "pg", which is not installed.')
  t.equal(known.hint, 'Run: npm install pg')
  const vague = problem('driver-missing', { target: 'It' })
  t.equal(vague.message, 'It needs a package that is not installed.')
})

void t.test(
  'what an error can become is said without a gap, when nothing is known but its code',
  async (t) => {
    for (const code of Object.keys({ ...serverProblems, ...sqliteProblems })) {
      const { message, hint } = describe(code as 'refused')
      t.notMatch(`${message} ${hint}`, /undefined|[{}]|""|  /, code)
    }
  },
)

void t.test('a subject stands at the beginning of a sentence, or within one', async (t) => {
  t.equal(describe('closed').message, 'The database was closed by this program.')
  t.equal(describe('user-missing').message, 'There is no such user at the database.')
})

void t.test('says where it is, and what was said', async (t) => {
  const cause = { name: 'error', code: '28P01', message: 'password authentication failed' }
  const found = problem('auth-failed', { target: 'It', advice: '' }, { at: { start: 1, end: 2 }, cause })
  t.strictSame(found.at, { start: 1, end: 2 })
  t.strictSame(found.cause, cause)
  t.notOk('cause' in problem('closed', { target: 'It' }))
})

void t.test('every row says what follows from it', async (t) => {
  for (const code of codes) {
    const { kind, pace, proves, file, reason } = problemCatalogue[code]
    t.ok(['connection', 'configuration', 'query', 'unknown'].includes(kind), code)
    t.equal(pace === 'rejected', reason === 'auth', `${code}: a login that is refused is tried at a distance`)
    t.ok(['unreached', 'failing', 'working', 'nothing'].includes(proves), code)
    t.ok(['kept', 'unusable', 'damaged'].includes(file), code)
  }
})
