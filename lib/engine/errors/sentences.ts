/** What servers say where their disk is full, of a login and of a statement. */
export const diskFull = {
  message: '{target} has no room left on its disk: {words}',
  hint: 'Free some space at the server, or raise the limit of its provider.',
} as const

/** What servers and proxies say of an address that is not on their list. */
export const notOnList = '{target} lets nobody in from where this program runs: {words}'

/** What servers say of a password that was right. */
export const passwordExpired = '{target} knows the user, but its password has expired.'

/** What providers say where an account, or a project, may use no more. */
export const quotaUsedUp = {
  message: '{target} is closed by its provider: a quota is used up.',
  hint: 'Look at the usage in the console of the provider, and raise the limit or the plan.',
} as const
