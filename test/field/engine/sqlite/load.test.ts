import { loadDrivers } from '../../../engine/sqlite/load.ts'

loadDrivers(10)
