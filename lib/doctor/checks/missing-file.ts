import { posix } from 'node:path'
import { locate, matchSource } from '../dockerfile/files.ts'
import type { Project } from '../project.ts'

/** What may make a file in another way than by COPY. */
const makes =
  /\b(?:git|curl|wget|tar|unzip|cp|mv|ln|rsync|sed|tee|cat|printf|make|cmake|go|cargo|mvn|gradle)\b|(?:^|[;&|(])\s*(?:sudo\s+)?install\s+-|>|\.sh\b|<</
/** What may make a file of JavaScript. */
const builds =
  /\b(?:babel|swc|tsup|ncc|parcel|rspack|turbo|nx|lerna|gulp|grunt|deno)\b|\bnode\s+[\w./-]+\.[cm]?js\b|\b(?:npm|pnpm|yarn|bun)\s(?:-\S+\s+(?:[\w@./][\w@./-]*\s+)?)+(?:run\s|build)|\b(?:npx|tsc|esbuild|vite|webpack|rollup|(?:npm|pnpm|yarn|bun)\s+(?:--\S+\s+)*(?!(?:ci|i|install|add|config)\b)\w)/

/** What may write a module of Python. */
const generates = /\bcythonize\b|\bpython[\d.]*\s+\S*(?:gen|build|compile|setup|make|convert)\w*\.py\b/

/** Whether what npm runs by itself after an install may build. */
function buildsOnInstall(text: string, { folder }: Project): boolean {
  const installs = /\b(?:npm|pnpm|yarn|bun)\s+(?:ci|i|install)\b/
  const manifests = folder.files.filter((file) => /(?:^|\/)package\.json$/.test(file)).slice(0, 50)
  return (
    installs.test(text) &&
    manifests.some((file) => /"(?:(?:pre|post)?install|prepare)"\s*:/.test(folder.text(file)))
  )
}

/** Whether the image certainly does not hold a file. */
export function isCertainlyMissing(path: string, project: Project): boolean {
  const { image, folder, locate: find } = project
  const { base, copies, steps } = image!
  if (
    !base ||
    !folder.isComplete ||
    find(path) !== undefined ||
    /^\/(?:data|mnt|run|tmp|proc|opt)\//.test(path)
  )
    return false
  const name = posix.basename(path)
  const isOpen = copies.some(
    ({ destination, from, sources, instruction: { keyword, flags, hasHeredoc, text } }) =>
      destination === undefined ||
      from !== undefined ||
      hasHeredoc ||
      'parents' in flags ||
      'exclude' in flags ||
      text.includes('$') ||
      keyword === 'ADD' ||
      // The instruction that should have copied it says so.
      sources.some((source) => posix.basename(source) === name && matchSource(source, project).length === 0),
  )
  const isMade = steps.some(
    ({ instruction: { keyword, text, hasHeredoc, flags } }) =>
      keyword === 'RUN' &&
      (hasHeredoc ||
        'mount' in flags ||
        text.includes(name) ||
        makes.test(text.replaceAll(/\bapt(?:-get)?\b[^&;]*/g, '')) ||
        (name.endsWith('.py') && generates.test(text)) ||
        (/\.[cm]?js$/.test(name) && (builds.test(text) || buildsOnInstall(text, project)))),
  )
  return !isOpen && !isMade
}

/** What to do about a file that is not in the image. */
export function whyMissing(path: string, { image, folder, stages }: Project): string {
  const all = { folder, isIgnored: () => false }
  const ignored = locate(path, image!.copies, stages, all)
  if (ignored !== undefined) return `Add !${ignored} at the end of .dockerignore, which keeps it out.`
  const name = posix.basename(path)
  const elsewhere = folder.files.find((file) => posix.basename(file) === name)
  return elsewhere === undefined
    ? `Add the file, or start the one that there is.`
    : `It lies at ${elsewhere}: correct the path, or copy it with COPY ${elsewhere} ${path}.`
}
