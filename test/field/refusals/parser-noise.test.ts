import t from 'tap'
import { tryNoise } from '../../engine/server/parser-noise.js'

t.setTimeout(800_000)
await tryNoise(t, Date.now() % 2 ** 31, 1500)
