/** What servers say where their disk is full, of a login and of a statement. */
export const diskFull = {
  message: '{target} has no room left on its disk: {words}',
  hint: 'Free some space at the server, or raise the limit of its provider.',
} as const
