/**
 * Names the type of a value that should have another one: `null`, `undefined`, `an array`, `a number`.
 *
 * @param value - the value, which is not shown.
 */
export function describeType(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  const type = Array.isArray(value) ? 'array' : typeof value
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`
}
