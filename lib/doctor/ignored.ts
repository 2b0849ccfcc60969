import dockerignore from '@balena/dockerignore'
import ignore from 'ignore'

/** Whether a path is left out. */
export type Ignored = (path: string) => boolean

/** Reads a `.dockerignore`: its patterns begin at the root, and the last that fits decides. */
export function readDockerignore(text: string): Ignored {
  const create = dockerignore as unknown as typeof dockerignore.default
  const rules = create({ ignorecase: false }).add(text)
  return (path) => rules.ignores(path)
}

/** Reads a `.gitignore`. */
export function readGitignore(text: string): Ignored {
  const rules = ignore({ ignorecase: false }).add(text)
  return (path) => rules.ignores(path)
}
