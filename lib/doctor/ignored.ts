import ignore from 'ignore'

/** Whether a path is left out. */
export type Ignored = (path: string) => boolean

/** Reads a `.dockerignore`: each pattern begins at the root, and the last one that fits decides, also below a folder that is left out. */
export function readDockerignore(text: string): Ignored {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const rules = lines.flatMap((line) => {
    const pattern = line
      .replace(/^!\s*/, '')
      .replace(/^\.?\//, '')
      .replace(/\/$/, '')
    if (line.startsWith('#') || pattern === '' || pattern === '.') return []
    return [{ isException: line.startsWith('!'), matcher: ignore({ ignorecase: false }).add(`/${pattern}`) }]
  })
  return (path) =>
    rules.reduce((isOut, { isException, matcher }) => (matcher.ignores(path) ? !isException : isOut), false)
}

/** Reads a `.gitignore`. */
export function readGitignore(text: string): Ignored {
  const rules = ignore({ ignorecase: false }).add(text)
  return (path) => rules.ignores(path)
}
