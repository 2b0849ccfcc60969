import t from 'tap'
import { tryNoise } from './parser-noise.js'

await tryNoise(t, 16, 60)
