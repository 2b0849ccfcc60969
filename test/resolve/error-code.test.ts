import { errorCode } from '#lib/resolve/error-code.js'
import t from 'tap'

t.equal(errorCode(Object.assign(new Error('s3cret'), { code: 'ENOENT' })), 'ENOENT')
t.equal(errorCode(new Error('s3cret')), 'unknown error')
t.equal(errorCode('s3cret'), 'unknown error')
