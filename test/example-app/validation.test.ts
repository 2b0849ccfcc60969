import { HttpProblem } from 'example-app/http/http-problem.js'
import type { ObjectSchema } from 'example-app/http/json-schema.js'
import { validator } from 'example-app/http/validation.js'
import t from 'tap'

const schema: ObjectSchema = {
  title: 'Thing',
  type: 'object',
  properties: {
    a: { const: 1 },
    'b/c~': { type: 'object', required: ['d'], properties: { d: {} } },
    e: { type: 'string', pattern: '^x$' },
  },
}

void t.test('names each field by its place, also where no reason of our own is at hand', async (t) => {
  const refuse = () => validator('body', schema)({ a: 2, 'b/c~': {}, e: 'y' })
  t.throws(refuse, HttpProblem)
  try {
    refuse()
  } catch (error) {
    t.strictSame((error as HttpProblem).details.errors, [
      { pointer: '#/a', detail: 'must be equal to constant' },
      { pointer: '#/b~1c~0/d', detail: 'is required' },
      { pointer: '#/e', detail: 'has the wrong form' },
    ])
  }
})
