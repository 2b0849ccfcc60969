/** How Go's driver for MySQL writes a host: `tcp(db.example.com:3306)`. */
export const goHost: RegExp = /^(?:tcp6?|unix|cloudsql)\(/i

/** What to write in its place. */
export const goAdvice: string =
  'write mysql://user:password@host:3306/database, without tcp( ), and a socket as ?socketPath=/directory/mysqld.sock.'
