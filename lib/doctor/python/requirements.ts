import type { Folder } from '../folder.ts'

/** A package that a Python project asks for. */
export interface Requirement {
  /** In its normal form: lower case, hyphens. */
  readonly name: string
  readonly extras: readonly string[]
  readonly line: number
}

/** What a file asks for, and whether that is all that can be known. */
export interface Requirements {
  readonly file: string
  readonly encoding: 'UTF-8' | 'UTF-16'
  readonly packages: readonly Requirement[]
  /** Whether it names other files, addresses or folders that bring more. */
  readonly isOpen: boolean
  /** Whether a package comes from a repository. */
  readonly needsGit: boolean
}

/** Reads a requirements.txt; nothing where there is none. */
export function readRequirements(file: string, folder: Folder): Requirements | undefined {
  const bytes = folder.readBytes(file)
  if (!bytes) return undefined
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  const text = isWide ? decodeWide(bytes) : bytes.toString('utf8').replace(/^\uFEFF/, '')
  const lines = text
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.replace(/(?:^|\s)#.*$/, '').trim(), line: index + 1 }))
  return {
    file,
    encoding: isWide ? 'UTF-16' : 'UTF-8',
    packages: lines.flatMap(({ text: each, line }) => parseRequirement(each, line)),
    isOpen: lines.some(({ text: each }) =>
      /^(?:-r|--requirement|-e|--editable|-c)\b|^\.|:\/\/|^git\+|@\s/.test(each),
    ),
    needsGit: lines.some(({ text: each }) => /\bgit\+\w+:/.test(each)),
  }
}

function decodeWide(bytes: Buffer): string {
  const copy = Buffer.from(bytes)
  return (bytes[0] === 0xfe ? copy.subarray(0, copy.length & ~1).swap16() : copy)
    .toString('utf16le')
    .replace(/^\uFEFF/, '')
}

/** Reads `name[extra]>=1`; nothing for an address, a folder or a flag. */
export function parseRequirement(text: string, line: number): Requirement[] {
  const [, name, extras = ''] = /^([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?/.exec(text) ?? []
  if (!name || text.includes('://')) return []
  const normal = name.toLowerCase().replaceAll(/[-_.]+/g, '-')
  return [{ name: normal, extras: extras.split(',').map((each) => each.trim().toLowerCase()), line }]
}
