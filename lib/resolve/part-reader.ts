import { problem, type Problem } from '../problem/problem.ts'
import { findVariable } from '../url/templates.ts'
import { describeType, isBlank, type Environment } from './environment.ts'
import { readSecretFile } from './secret-file.ts'

/** Reads the parts of an address from variables and their `_FILE` twins, and keeps the first problem that it meets. */
export class PartReader {
  readonly #env: Environment
  readonly #cwd: string
  /** The variables that were set, in the order in which they were read. */
  readonly names: string[] = []
  problem: Problem | undefined

  constructor(env: Environment, cwd: string) {
    this.#env = env
    this.#cwd = cwd
  }

  /** Reads a part, such as `host`, from the first of several variables that is set. */
  read(part: string, candidates: readonly string[] = []): string | undefined {
    const name = candidates.find((one) => !isBlank(this.#env[one]) || !isBlank(this.#env[`${one}_FILE`]))
    if (name === undefined) return undefined
    const isPlain = !isBlank(this.#env[name])
    const isFile = !isBlank(this.#env[`${name}_FILE`])
    this.names.push(isPlain ? name : `${name}_FILE`)
    if (isPlain && isFile) return this.refuse(bothSet(name))
    return isPlain ? this.#readPlain(name, part) : this.#readFile(`${name}_FILE`)
  }

  /** Keeps a problem, unless there is an earlier one. */
  refuse(found: Problem): undefined {
    this.problem ??= found
  }

  #readPlain(name: string, part: string): string | undefined {
    const value = this.#env[name]
    if (typeof value !== 'string') {
      return this.refuse(problem('not-a-string', { subject: name, type: describeType(value) }))
    }
    const variable = findVariable(value.trim(), part)
    if (variable) return this.refuse(problem('unexpanded-variable', { subject: name, name: variable }))
    // Half of a pair cannot be encoded. A real environment never holds one, a plain object may.
    return value.replace(/\p{Surrogate}/gu, '\ufffd')
  }

  #readFile(name: string): string | undefined {
    const secret = readSecretFile(name, this.#env[name], this.#cwd)
    return secret.ok ? secret.text : this.refuse(secret.problem)
  }
}

/** The problem of a variable and its `_FILE` twin that are both set. */
export function bothSet(name: string): Problem {
  const advice = `Keep ${name} or ${name}_FILE, and remove the other.`
  return problem('secret-file', { subject: name, why: `and ${name}_FILE are both set`, advice })
}
