import { bears, moreCases } from '../../replica/foreign.ts'

bears(moreCases)
