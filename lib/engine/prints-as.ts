/**
 * Has `console.log` and `util.inspect` show these facts in place of what an object is made of.
 *
 * @param prototype - of the class.
 */
export function printsAs<Self extends object>(
  prototype: Self,
  name: string,
  facts: (self: Self) => object,
): void {
  const print = function (this: Self, _depth: number, options: object, inspect: Inspect): string {
    return `${name} ${inspect(facts(this), options)}`
  }
  Object.defineProperty(prototype, Symbol.for('nodejs.util.inspect.custom'), { value: print })
}

type Inspect = (value: unknown, options: object) => string
