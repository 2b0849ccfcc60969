import type { Refusal } from '../errors/refusal.ts'
import { quotaUsedUp } from '../errors/sentences.ts'

type Meaning = Pick<Refusal, 'is' | 'message' | 'hint'>

/** It answers, and its server does not. */
export const backendAway: Meaning = {
  is: 'refused',
  message: '{target} is a pooler that cannot reach its own server: {words}',
  hint: 'Look at the database server behind the pooler, and at how the pooler logs in to it. It is tried again by itself.',
}

/** It refuses by itself, whatever its server says. */
export const poolerRefuses: Meaning = {
  is: 'refused',
  message: '{target} is a pooler that refused the connection: {words}',
  hint: 'Look at the settings and at the log of the pooler. It is tried again by itself.',
}

/** It sleeps, or is being moved. */
export const waking: Meaning = {
  is: 'refused',
  hint: 'The provider could not wake the database, or it is being moved. It is tried again by itself; where it stays so, look at the status page of the provider.',
}

/** The account, or the project, may use no more. */
export const usedUp: Meaning = {
  is: 'access-denied',
  ...quotaUsedUp,
}

/** No connection is left. */
export const full: Meaning = { is: 'too-many-connections' }

/** It takes encrypted connections only. */
export const tlsRequired: Meaning = { is: 'tls-required' }
