const mask = '***'

/**
 * A text that does not print: `String()`, `JSON.stringify()`, `util.inspect()` and template strings show `***`.
 *
 * @example
 * ```ts
 * const secret = new Secret('s3cret')
 * `${secret}` // '***'
 * secret.reveal() // 's3cret'
 * ```
 */
export class Secret {
  readonly #value: string

  /** @param value - the text to hide. */
  constructor(value: string) {
    this.#value = value
    Object.freeze(this)
  }

  /** Returns the text itself. */
  reveal(): string {
    return this.#value
  }

  /** Returns `***`. */
  toString(): string {
    return mask
  }

  /** Returns `***`. */
  toJSON(): string {
    return mask
  }

  static {
    // What util.inspect(), and so console.log(), asks for.
    Object.defineProperty(this.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: () => mask })
  }
}
