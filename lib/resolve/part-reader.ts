import { problem, type Problem } from '../problem/problem.ts'
import { cleanValue } from '../url/clean.ts'
import { describeType } from '../url/describe-type.ts'
import { Findings } from '../url/findings.ts'
import { parseJsonSecret } from '../url/json-secret.ts'
import { findPathVariable, findReference, findVariable } from '../url/templates.ts'
import { certificatePath } from './certificate-path.ts'
import { isBlank, type Environment } from './environment.ts'
import { readSecretFile } from './secret-file.ts'

/** Kubernetes sets `POSTGRES_PORT=tcp://10.0.0.1:5432` for a service named postgres. */
export const serviceLink: RegExp = /^tcp:\/\/.*:(\d+)$/

/** Reads the parts of an address from variables and their `_FILE` twins, cleaned, and keeps the first problem that it meets. */
export class PartReader {
  readonly #env: Environment
  readonly #cwd: string
  /** The variables that were set, in the order in which they were read. */
  readonly names: string[] = []
  /** What was cleaned, and what is odd. */
  readonly warnings: Problem[] = []
  problem: Problem | undefined

  constructor(env: Environment, cwd: string) {
    this.#env = env
    this.#cwd = cwd
  }

  /**
   * Reads a part, such as `host`, or `file` for a path, from the first of several variables that is set.
   *
   * @param isPath - whether the value is the path of a certificate or a key, so that its twin may name that itself.
   */
  read(part: string, candidates: readonly string[] = [], isPath = false): string | undefined {
    const name = candidates.find((one) => this.isSet(one))
    if (name === undefined) return undefined
    const isPlain = !isBlank(this.#env[name])
    const isFile = !isBlank(this.#env[`${name}_FILE`])
    this.names.push(isPlain ? name : `${name}_FILE`)
    if (isPlain && isFile) return this.refuse(bothSet(name))
    const path = isPath && isFile ? certificatePath(this.#env[`${name}_FILE`], this.#cwd) : undefined
    if (path !== undefined) return path
    const subject = isPlain ? name : `The file in ${name}_FILE`
    const text = isPlain ? this.#readPlain(name) : this.#readFile(`${name}_FILE`)
    return text === undefined ? undefined : this.#clean(text, subject, part)
  }

  /** Reads a variable that has no twin, and whose problem is no more than a warning. */
  readLoosely(name: string): string | undefined {
    const own = new PartReader({ [name]: this.#env[name] }, this.#cwd)
    const value = own.read('parameter', [name])
    this.names.push(...own.names)
    this.warnings.push(...own.warnings, ...(own.problem ? [own.problem] : []))
    return value
  }

  /** Whether a variable or its twin is set. */
  isSet(name: string): boolean {
    return !isBlank(this.#env[name]) || !isBlank(this.#env[`${name}_FILE`])
  }

  /** The variables that are set, other families' among them. */
  get setNames(): string[] {
    return Object.keys(this.#env).filter((name) => !isBlank(this.#env[name]))
  }

  /** What a variable holds, as it is. */
  textOf(name: string): string {
    return String(this.#env[name])
  }

  /** Keeps a problem, unless there is an earlier one. */
  refuse(found: Problem): undefined {
    this.problem ??= found
  }

  #clean(text: string, subject: string, part: string): string | undefined {
    const found = new Findings(subject, false)
    const value = cleanValue(text, found)
    this.warnings.push(...found.warnings.map(({ code, message, hint }) => ({ code, message, hint })))
    const name = part === 'file' ? findPathVariable(value) : findVariable(value, part)
    if (name !== undefined) return this.refuse(problem('unexpanded-variable', { subject, name }))
    const reference = findReference(value, part)
    if (reference !== undefined) return this.refuse(problem('unexpanded-variable', { subject, reference }))
    if (parseJsonSecret(value)) {
      const why = `only its ${part} belongs here`
      return this.refuse(problem('json-secret', { subject, why }))
    }
    // Half of a pair cannot be encoded. A real environment never holds one, a plain object may.
    return value.replace(/\p{Surrogate}/gu, '\ufffd')
  }

  #readPlain(name: string): string | undefined {
    const value = this.#env[name]
    if (typeof value === 'string') return value
    return this.refuse(problem('not-a-string', { subject: name, type: describeType(value) }))
  }

  #readFile(name: string): string | undefined {
    const secret = readSecretFile(name, this.#env[name], this.#cwd)
    if (!secret.ok) return this.refuse(secret.problem)
    this.warnings.push(...secret.warnings)
    return secret.text
  }
}

/** The problem of a variable and its `_FILE` twin that are both set. */
export function bothSet(name: string): Problem {
  const advice = `Keep ${name} or ${name}_FILE, and remove the other.`
  return problem('secret-file', { subject: name, why: `and ${name}_FILE are both set`, advice })
}
