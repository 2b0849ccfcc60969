/** Reads `NAME=value NAME2="a b"`, or the old form `NAME value`. A value is nothing where there is no `=`; its quotes are taken off. */
export function readPairs(text: string): readonly (readonly [name: string, value: string | undefined])[] {
  const words = text.match(/(?:[^\s"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*')+/g) ?? []
  const [first = '', ...rest] = words
  if (!first.includes('=') && rest.length > 0 && !rest.some((word) => /^\w+=/.test(word))) {
    return [[first, unquote(text.slice(text.indexOf(first) + first.length).trim())]]
  }
  return words.map((word) => {
    const index = word.indexOf('=')
    return index === -1 ? [word, undefined] : [word.slice(0, index), unquote(word.slice(index + 1))]
  })
}

function unquote(text: string): string {
  return text.replaceAll(
    /"((?:[^"\\]|\\[^])*)"|'([^']*)'/g,
    (_, double: string | undefined, single: string | undefined) =>
      double?.replaceAll(/\\(["\\])/g, '$1') ?? single ?? '',
  )
}
