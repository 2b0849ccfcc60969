import type { FindingDescription } from './finding-description.ts'

/** The names of what is found there. */
export type DataFindingCode =
  | 'env-file-in-image'
  | 'env-file-published'
  | 'path-not-writable'
  | 'sqlite-default-not-writable'
  | 'data-not-writable'
  | 'cache-not-writable'
  | 'database-url-invalid'
  | 'database-on-loopback'
  | 'migration-blocks-start'
  | 'database-at-build'
  | 'secret-in-image'
  | 'secret-in-file'

/** What is found in databases, files that are written, and secrets. */
export const dataFindings: Readonly<Record<DataFindingCode, FindingDescription>> = {
  'env-file-in-image': {
    severity: 'warning',
    message: 'COPY puts {name}, and the secrets in it, into the image.',
    hint: 'Add {name} to .dockerignore.',
  },
  'env-file-published': {
    severity: 'warning',
    message: '{name} is not in .gitignore: a push would publish the secrets in it.',
    hint: 'Add {name} to .gitignore; if it was pushed before, change the secrets.',
  },
  'path-not-writable': {
    severity: 'error',
    message: '{variable} puts the SQLite file in {directory}, where {user} may not write.',
    hint: 'Create that folder before USER and give it to the user, or choose a folder of the user.',
    fix: 'RUN mkdir -p {directory} && chown {user} {directory}',
  },
  'sqlite-default-not-writable': {
    severity: 'warning',
    message:
      'Without DATABASE_URL the app opens the SQLite file {path} in {directory}, where {user} may not write.',
    hint: 'Give that folder to the user before USER, or copy with COPY --chown={user}.',
    fix: 'RUN chown {user} {directory}',
  },
  'data-not-writable': {
    severity: 'warning',
    message:
      '{variable} puts the SQLite file in /data, which exists only where a storage bucket is attached there.',
    hint: 'Use a folder of the user, or a database server; a bucket is no place for a live database.',
  },
  'cache-not-writable': {
    severity: 'warning',
    message: '{variable} puts a cache in {directory}, where {user} may not write.',
    hint: 'Choose a folder of the user, or give this one to it before USER.',
    fix: 'RUN mkdir -p {directory} && chown {user} {directory}',
  },
  'database-url-invalid': {
    severity: 'warning',
    message: '{variable} is not a database URL that can be used: {why}',
    hint: '{cure}',
  },
  'database-on-loopback': {
    severity: 'warning',
    message:
      '{variable} names a database on {host}, inside the container, where the command does not start one.',
    hint: 'Name the database server of a provider in {variable}, as a secret of the Space.',
  },
  'migration-blocks-start': {
    severity: 'warning',
    message:
      'The app starts only after {command} has reached the database: while that is away, the Space does not start.',
    hint: 'Let the app start without it: migrate inside the app, or write {command} || echo "not migrated".',
  },
  'database-at-build': {
    severity: 'warning',
    message: 'The Dockerfile migrates a database, but a build reaches neither the database nor its secret.',
    hint: 'Migrate when the app starts.',
  },
  'secret-in-image': {
    severity: 'warning',
    message:
      '{variable} looks like a secret, and everybody who sees the Dockerfile or the image can read it.',
    hint: 'Remove it, change the secret, and set the variable in the Space, under Settings → Variables and secrets, as a secret.',
  },
  'secret-in-file': {
    severity: 'warning',
    message: '{file} holds what looks like {what}: a push would publish it.',
    hint: 'Remove it, change the secret, and set it in the Space, under Settings → Variables and secrets, as a secret.',
  },
}
