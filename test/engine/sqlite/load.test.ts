import { loadDrivers } from './load.ts'

loadDrivers(1)
