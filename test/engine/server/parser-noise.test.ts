import t from 'tap'
import { tryNoise } from './parser-noise.js'

void t.test('noise in place of a server ends nothing', (t) => tryNoise(t, 16, 15))
