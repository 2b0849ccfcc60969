import { moreDamages, salvages } from '../../replica/salvage.ts'

salvages(moreDamages)
