import t from 'tap'
import { startPlaces } from './places.js'
import { promoteSchemas } from './schemas.js'

// Each into one place, in turns; the field tries all.
promoteSchemas(t, await startPlaces(t), (able, index) => able.slice(index % able.length).slice(0, 1))
