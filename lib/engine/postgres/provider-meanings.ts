import type { Refusal } from '../errors/refusal.ts'

type Meaning = Pick<Refusal, 'is' | 'message' | 'hint'>

/** It sleeps, or is being moved. */
export const waking: Meaning = {
  is: 'refused',
  hint: 'The provider could not wake the database, or it is being moved. It is tried again by itself; where it stays so, look at the status page of the provider.',
}

/** The account, or the project, may use no more. */
export const usedUp: Meaning = {
  is: 'access-denied',
  message: '{target} is closed by its provider: a quota is used up.',
  hint: 'Look at the usage in the console of the provider, and raise the limit or the plan.',
}

/** It takes encrypted connections only. */
export const tlsRequired: Meaning = { is: 'tls-required' }
