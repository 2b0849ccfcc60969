import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate and its key: paths of PEM files. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** An authority of one's own, which issues certificates. */
export interface Authority {
  /** Path of its certificate. */
  readonly ca: string
  /** Issues a certificate for a name; `names` as in `DNS:localhost,IP:127.0.0.1`. */
  issue(name: string, names?: string): Certificate
  /** The same, for a time other than now; dates as in `20200101000000Z`. */
  issueFor(name: string, names: string, from: string, until: string): Certificate
  /** A certificate that nobody vouches for. */
  selfSign(name: string, names: string): Certificate
  /** The same key, encrypted with a password. */
  encryptKey(key: string, password: string): string
  remove(): void
}

/** Makes a certificate authority in a directory of its own, with openssl. */
export function makeAuthority(): Authority {
  const directory = mkdtempSync(join(tmpdir(), 'failsoft-tls-'))
  const path = (name: string): string => join(directory, name)
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  let serial = 1
  const request = (name: string, ...more: string[]): Certificate => {
    const made = { cert: path(`${serial}.crt`), key: path(`${serial++}.key`) }
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-subj',
      `/CN=${name}`,
      '-days',
      '2',
      '-keyout',
      made.key,
      '-out',
      made.cert,
      ...more,
    )
    return made
  }
  const root = request('failsoft test authority')
  return {
    ca: root.cert,
    issueFor: (name, names, from, until) => {
      const made = { cert: path(`${serial}.crt`), key: path(`${serial++}.key`) }
      const wish = `${made.cert}.csr`
      openssl(
        'req',
        '-new',
        ...newKey,
        '-subj',
        `/CN=${name}`,
        '-addext',
        `subjectAltName=${names}`,
        '-keyout',
        made.key,
        '-out',
        wish,
      )
      writeFileSync(path('ca.cnf'), caConfig(directory))
      writeFileSync(path('index.txt'), '')
      const dates = ['-startdate', from, '-enddate', until]
      openssl(
        'ca',
        '-batch',
        '-notext',
        '-config',
        'ca.cnf',
        '-cert',
        root.cert,
        '-keyfile',
        root.key,
        ...dates,
        '-in',
        wish,
        '-out',
        made.cert,
      )
      return made
    },
    selfSign: (name, names) => request(name, '-addext', `subjectAltName=${names}`),
    issue: (name, names) => {
      const alternative = names ? ['-addext', `subjectAltName=${names}`] : []
      return request(name, ...alternative, '-CA', root.cert, '-CAkey', root.key)
    },
    encryptKey: (key, password) => {
      const encrypted = `${key}.encrypted`
      writeFileSync(`${key}.pass`, password)
      openssl('pkcs8', '-topk8', '-in', key, '-out', encrypted, '-passout', `file:${key}.pass`)
      return encrypted
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** What `openssl ca` wants to be told. */
function caConfig(directory: string): string {
  return [
    '[ca]',
    'default_ca = own',
    '[own]',
    `database = ${directory}/index.txt`,
    `new_certs_dir = ${directory}`,
    'rand_serial = yes',
    'default_md = sha256',
    'policy = any',
    'copy_extensions = copy',
    '[any]',
    'commonName = supplied',
    '',
  ].join('\n')
}

/** Puts a certificate in the place of another. */
export function replaceCertificate(place: Certificate, by: Certificate): void {
  writeFileSync(place.cert, readFileSync(by.cert))
  writeFileSync(place.key, readFileSync(by.key))
}
