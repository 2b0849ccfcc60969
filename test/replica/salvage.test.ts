import { damages, salvages } from './salvage.ts'

salvages(damages)
