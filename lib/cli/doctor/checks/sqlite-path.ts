import { posix } from 'node:path'
import { validateUrl } from '../../../url/index.ts'
import { finding, type Finding } from '../finding.ts'
import type { Image, Setting } from '../dockerfile/image.ts'
import type { Project } from '../project.ts'

const file = 'Dockerfile'
const writableForAll = ['/tmp', '/var/tmp', '/dev/shm']

/** A SQLite file that the image names lies where uid 1000 may write. */
export function checkSqlitePath({ image }: Project): Finding[] {
  if (!image) return []
  return ['SQLITE_PATH', 'DATABASE_URL'].flatMap((variable) => {
    const setting = image.env.get(variable)
    const path = setting && (variable === 'SQLITE_PATH' ? setting.value : pathInUrl(setting))
    if (!setting || !path || path === ':memory:' || path.includes('$')) return []
    const directory = posix.dirname(posix.resolve(image.workingDirectory, path))
    const place = { file, line: setting.line }
    if (isWritable(directory, image)) return []
    const code = isUnder(directory, '/data') ? 'data-not-writable' : 'path-not-writable'
    return [finding(code, place, { variable, directory })]
  })
}

function pathInUrl({ value }: Setting): string | undefined {
  const result = validateUrl(value)
  return result.valid && result.target.dialect === 'sqlite' ? result.target.filename : undefined
}

function isUnder(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`)
}

function isWritable(directory: string, image: Image): boolean {
  if (writableForAll.some((path) => isUnder(directory, path))) return true
  if (/^\/home\/[^/]+/.test(directory)) return true
  return writableFolders(image).some((path) => isUnder(directory, path))
}

/** The folders that the Dockerfile gives away, or makes as its later user. */
function writableFolders({ instructions }: Image): string[] {
  const folders: string[] = []
  let directory = '/'
  let isRoot = true
  for (const { keyword, text } of instructions) {
    if (keyword === 'WORKDIR') directory = posix.resolve(directory, text)
    if (keyword === 'USER') isRoot = /^(?:root|0)(?::|$)/.test(text)
    const words = text.split(/\s+/)
    const isGiven = words.some((word) => /^--chown=(?!root|0\b)/.test(word))
    if ((keyword === 'COPY' || keyword === 'ADD') && isGiven)
      folders.push(posix.resolve(directory, words.at(-1)!))
    if (keyword === 'RUN')
      folders.push(...givenByCommands(text, isRoot).map((path) => posix.resolve(directory, path)))
  }
  return folders
}

function givenByCommands(text: string, isRoot: boolean): string[] {
  return text.split(/&&|;|\n|\|\|/).flatMap((command) => {
    const [name, ...words] = command.trim().split(/\s+/)
    const operands = words.filter((word) => !word.startsWith('-'))
    if (name === 'chown' && !/^(?:root|0)(?::|$)/.test(operands[0] ?? '')) return operands.slice(1)
    if (name === 'chmod' && /^(?:0?777|[ao]\+rwx?|[ao]\+w|1777)/i.test(operands[0] ?? ''))
      return operands.slice(1)
    if (name === 'install' && /-o\s*(?:node|1000)|--owner[ =](?:node|1000)/.test(command))
      return operands.slice(-1)
    return name === 'mkdir' && !isRoot ? operands : []
  })
}
