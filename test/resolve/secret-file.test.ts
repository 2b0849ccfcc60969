import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { resolveDatabaseConfig } from 'failsoft'
import { readSecretFile } from '#lib/resolve/secret-file.js'
import t from 'tap'
import { asUser, canChangeUser, openDirectory } from './as-user.ts'
import { newFolder } from '../new-folder.ts'

const directory = newFolder()
const files = {
  plain: 'postgres://h/d',
  newline: 'postgres://h/d\r\n\n',
  spaces: ' p w \n',
  empty: '',
  blank: ' \n\t\n',
  full: 'x'.repeat(65_536),
  large: 'x'.repeat(65_537),
}
for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
mkdirSync(join(directory, 'folder'))
writeFileSync(join(directory, 'folder', 'file'), '')
symlinkSync('loop', join(directory, 'loop'))
symlinkSync('plain', join(directory, 'link'))
writeFileSync(join(directory, 'bom'), '\ufeffpostgres://h/d')
writeFileSync(join(directory, 'utf-16'), '\ufeffs3cret', 'utf16le')
writeFileSync(join(directory, 'latin-1'), 's3cretü', 'latin1')
execFileSync('mkfifo', [join(directory, 'pipe')])

const good = [
  { name: 'as it is', file: 'plain', want: 'postgres://h/d' },
  { name: 'without the newlines at the end', file: 'newline', want: 'postgres://h/d' },
  { name: 'with its spaces, which a password may have', file: 'spaces', want: ' p w ' },
  { name: 'through a symbolic link', file: 'link', want: 'postgres://h/d' },
  { name: 'without a byte order mark', file: 'bom', want: 'postgres://h/d' },
  { name: 'of exactly 64 KB', file: 'full', want: 'x'.repeat(65_536) },
]
for (const { name, file, want } of good) {
  t.same(readSecretFile('X_FILE', file, directory), { ok: true, text: want, warnings: [] }, name)
}

const bad = [
  { name: 'missing', path: 'nowhere', want: 'X_FILE names a file that does not exist.' },
  {
    name: 'missing, with a path',
    path: `${directory}/nowhere`,
    want: `X_FILE names a file (${directory}/nowhere) that does not exist.`,
  },
  { name: 'below a file', path: 'plain/x', want: 'X_FILE names a file that does not exist.' },
  { name: 'empty', path: 'empty', want: 'X_FILE names an empty file.' },
  { name: 'blank', path: 'blank', want: 'X_FILE names an empty file.' },
  { name: 'too large', path: 'large', want: 'X_FILE names a file that is larger than 64 KB.' },
  { name: 'endless', path: '/dev/zero', want: 'X_FILE names something (/dev/zero) that is no regular file.' },
  { name: 'in UTF-16', path: 'utf-16', want: 'X_FILE names a file that is not text in UTF-8.' },
  { name: 'in Latin-1', path: 'latin-1', want: 'X_FILE names a file that is not text in UTF-8.' },
  { name: 'a directory', path: 'folder', want: 'X_FILE names a directory.' },
  {
    name: 'a pipe that nobody writes to',
    path: 'pipe',
    want: 'X_FILE names something that is no regular file.',
  },
  {
    name: 'a link to itself',
    path: 'loop',
    want: 'X_FILE names a file that is a symbolic link that leads to itself.',
  },
  {
    name: 'a path with a NUL',
    path: 'a\0b',
    want: 'X_FILE names a file that cannot be read (ERR_INVALID_ARG_VALUE).',
  },
  {
    name: 'no path, but the URL',
    path: 'postgres://u:s3cret@h/d',
    want: 'X_FILE holds a URL where the path of a file belongs.',
  },
  { name: 'no path, but the password', path: '/s3cret==', want: 'X_FILE names a file that does not exist.' },
  {
    name: 'a path of 5,000 characters',
    path: `/run/${'x'.repeat(5000)}`,
    want: 'X_FILE names a file that has a path that is too long.',
  },
  { name: 'the standard input', path: '/dev/stdin', want: /^X_FILE names / },
  { name: 'the memory of this process', path: '/proc/self/mem', want: /cannot be read|larger than/ },
  { name: 'no string', path: 5, want: 'X_FILE is not a string.' },
]
for (const { name, path, want } of bad) {
  const read = readSecretFile('X_FILE', path, directory)
  t.match(read, { ok: false, problem: { code: 'secret-file', message: want, hint: /\w/ } }, name)
  t.notMatch(JSON.stringify(read), 's3cret', name)
}

t.test('a file that this user may not read', { skip: !canChangeUser && 'needs root' }, async (t) => {
  const place = openDirectory(t)
  writeFileSync(join(place, 'secret'), 'postgres://h/d', { mode: 0o600 })
  mkdirSync(join(place, 'closed'), { mode: 0o700 })
  const reads = asUser(
    place,
    `const { readSecretFile } = await import(lib('resolve/secret-file.js'))
     print(['secret', 'closed/x'].map((path) => readSecretFile('X_FILE', path, cwd)))`,
  )
  const want = { ok: false, problem: { message: 'X_FILE names a file that this program may not read.' } }
  t.match(reads, [want, want])
})

const certificates = [
  { name: 'the certificate itself', text: '-----BEGIN CERTIFICATE-----\nMII\n', want: 'ca.pem' },
  {
    name: 'a bundle of any size',
    text: `# authorities\n${'x'.repeat(70_000)}\n-----BEGIN CERTIFICATE-----`,
    want: 'ca.pem',
  },
  { name: 'a file with its path', text: '/etc/ca.pem\n', want: '/etc/ca.pem' },
]
for (const { name, text, want } of certificates) {
  t.test(`the twin of a path names ${name}`, async (t) => {
    const folder = t.testdir({ 'ca.pem': text })
    const named = join(folder, 'ca.pem')
    const ca = want === 'ca.pem' ? named : want
    for (const env of [
      { DATABASE_URL: 'postgres://u:p@h/d', DATABASE_SSL_CA_FILE: named },
      { DATABASE_URL: 'postgres://u:p@h/d', PGSSLROOTCERT_FILE: named },
      { MYSQL_HOST: 'h', MYSQL_USER: 'u', MYSQL_SSL_CA_FILE: named },
      { MYSQL_HOST: 'h', MYSQL_USER: 'u', MYSQL_TLS_CA_FILE: named },
    ]) {
      t.match(resolveDatabaseConfig({ env }), { kind: 'primary', target: { tls: { ca, mode: 'verify-ca' } } })
    }
    t.match(
      resolveDatabaseConfig({ env: { MYSQL_HOST: 'h', MYSQL_SSL_CA_FILE: 'ca.pem' }, cwd: folder }),
      { kind: 'primary', target: { tls: { ca } } },
      'from the directory of the program',
    )
  })
}
