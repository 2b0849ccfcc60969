import { createPrivateKey, X509Certificate } from 'node:crypto'
import { statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { problem, type Problem } from '../../problem/problem.ts'
import { errorCode } from '../../resolve/error-code.ts'
import { readRegularFile } from '../../resolve/regular-file.ts'
import type { TlsChoice } from '../../url/settings.ts'
import type { LogEvent } from '../engine.ts'
import type { TlsMaterial } from './server-dialect.ts'

const parameterNames = { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey', crl: 'sslcrl' } as const
type FileName = keyof typeof parameterNames
const fileNames = Object.keys(parameterNames) as readonly FileName[]

/** The authorities of all providers together have half of it. */
const limitBytes = 1024 * 1024

/** What of a URL's files cannot be used. */
class UnusableFile extends Error {
  readonly file: FileName

  constructor(file: FileName, why: string) {
    super(why)
    this.file = file
  }
}

/** The files that a URL names for TLS. They are read anew where they changed; until a change is whole, the last good ones stay. */
export class TlsFiles {
  readonly #choice: TlsChoice
  readonly #log: ((event: LogEvent) => void) | undefined
  #stamp = ''
  #good: TlsMaterial = {}

  constructor(choice: TlsChoice, log: ((event: LogEvent) => void) | undefined) {
    this.#choice = choice
    this.#log = log
  }

  /** Reads them for the first time; says what is wrong where one cannot be used. */
  open(subject: string): Problem | undefined {
    try {
      this.#read()
      return undefined
    } catch (error) {
      const { file, message } = error as UnusableFile
      return problem('invalid-parameter', {
        subject,
        parameter: parameterNames[file],
        expected: `the path of a PEM file of at most 1 MB; this one ${message}`,
      })
    }
  }

  /** What they hold, in the words of Node's TLS. */
  get material(): TlsMaterial {
    try {
      if (this.#look() !== this.#stamp) this.#read()
    } catch (error) {
      const { file, message } = error as UnusableFile
      this.#log?.({
        level: 'warn',
        event: 'tls-file',
        message: `The file of ${parameterNames[file]} ${message}: what it held before is used.`,
        details: { parameter: parameterNames[file] },
      })
    }
    return this.#good
  }

  #read(): void {
    this.#stamp = this.#look()
    const { passphrase, minVersion, maxVersion } = this.#choice
    const files: Partial<Record<FileName, string>> = {}
    for (const name of fileNames) {
      const path = this.#choice[name]
      if (path !== undefined) files[name] = readFile(name, path, passphrase?.reveal() ?? '')
    }
    if (files.cert !== undefined && files.key !== undefined) checkPair(files.cert, files.key)
    this.#good = { ...files, ...(minVersion && { minVersion }), ...(maxVersion && { maxVersion }) }
  }

  /** Tells one state of the files from another. */
  #look(): string {
    return fileNames.map((name) => stampOf(this.#choice[name])).join(' ')
  }
}

function stampOf(path: string | undefined): string {
  try {
    const stat = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })
    return stat ? `${stat.ino}:${stat.size}:${stat.mtimeMs}` : '-'
  } catch {
    return '-'
  }
}

function readFile(name: FileName, path: string, passphrase: string): string {
  try {
    return readers[name](readRegularFile(path, limitBytes).toString(), passphrase)
  } catch (error) {
    throw new UnusableFile(name, failures[errorCode(error)] ?? defaultFailures[name])
  }
}

const failures: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  ENAMETOOLONG: 'does not exist: its name is too long',
  EACCES: 'may not be read by this program',
  EPERM: 'may not be read by this program',
  ELOOP: 'is a link that leads to itself',
  EISDIR: 'is a directory',
  EFTYPE: 'is a pipe or a device',
  EFBIG: 'is larger',
}

const defaultFailures: Readonly<Record<FileName, string>> = {
  ca: 'holds no whole certificate',
  cert: 'holds no whole certificate',
  key: 'holds no key, or one that sslpassword does not open',
  crl: 'holds no list of revoked certificates',
}

/** What is made of each file. A key is decrypted here, so that no driver holds its password. */
const readers: Readonly<Record<FileName, (text: string, passphrase: string) => string>> = {
  ca: readCertificates,
  cert: readCertificates,
  key: (key, passphrase) =>
    createPrivateKey({ key, passphrase }).export({ type: 'pkcs8', format: 'pem' }).toString(),
  crl: (crl) => createSecureContext({ crl }) && crl,
}

const certificateHead = /^-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----/

/** Each of them whole: of a file that is being written, the first ones can be read already. */
function readCertificates(text: string): string {
  const blocks = text.split(/(?=-----BEGIN )/).filter((block) => certificateHead.test(block))
  if (blocks.length === 0) throw new Error('no certificate')
  for (const block of blocks) void new X509Certificate(block)
  return text
}

function checkPair(cert: string, key: string): void {
  try {
    void createSecureContext({ cert, key })
  } catch {
    throw new UnusableFile('key', 'does not belong to the certificate of sslcert')
  }
}
