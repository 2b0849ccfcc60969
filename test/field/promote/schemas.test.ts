import t from 'tap'
import { startPlaces } from '../../promote/places.js'
import { promoteSchemas } from '../../promote/schemas.js'

t.setTimeout(300_000)
promoteSchemas(t, await startPlaces(t), (able) => able)
