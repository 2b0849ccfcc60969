type Pairs = readonly (readonly [name: string, value: string | undefined])[]

/** Reads `NAME=value NAME2="a b"`, or the old form `NAME value`. A value is nothing where there is no `=`; its quotes are taken off. */
export function readPairs(text: string): Pairs {
  const [first = '', ...rest] = split(text)
  if (!first.includes('=') && rest.length > 0) {
    return [[first, unquote(text.slice(text.indexOf(first) + first.length).trim())]]
  }
  return readArguments(text)
}

/** Reads the names of `ARG`, each with a default or without. */
export function readArguments(text: string): Pairs {
  return split(text).map((word) => {
    const index = word.indexOf('=')
    return index === -1 ? [word, undefined] : [word.slice(0, index), unquote(word.slice(index + 1))]
  })
}

function split(text: string): readonly string[] {
  return text.match(/(?:[^\s"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*')+/g) ?? []
}

/** Takes the quotes off, wherever they stand in a word. */
export function unquote(text: string): string {
  return text.replaceAll(
    /"((?:[^"\\]|\\[^])*)"|'([^']*)'/g,
    (_, double: string | undefined, single: string | undefined) =>
      double?.replaceAll(/\\(["\\])/g, '$1') ?? single ?? '',
  )
}
