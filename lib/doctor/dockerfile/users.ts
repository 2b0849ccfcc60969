import { systemUsers, type BaseImage } from './base-image.ts'

/** A user or group that a command makes. */
export interface Account {
  readonly kind: 'user' | 'group'
  readonly name: string
  /** Nothing where it cannot be known. */
  readonly id: number | undefined
  readonly home: string | undefined
  /** Whether the id must be free. */
  readonly mustBeFree: boolean
}

const valued =
  /^(?:-u|-g|-G|-d|-h|-s|-c|-k|-K|-e|-f|-p|-b|--uid|--gid|--home|--home-dir|--shell|--gecos|--comment|--ingroup|--groups?|--base-dir|--skel|--password|--firstuid|--inactive|--expiredate)$/

/** Reads a command that makes a user or group. */
export function readAccount(
  words: readonly (string | undefined)[],
  base: BaseImage | undefined,
): Account | undefined {
  const kind = /(?:^|\/)(?:useradd|adduser)$/.test(words[0] ?? '')
    ? 'user'
    : /(?:^|\/)(?:groupadd|addgroup)$/.test(words[0] ?? '')
      ? 'group'
      : undefined
  if (!kind) return undefined
  const { flags, operands } = split(words.slice(1))
  const name = words[0]!.endsWith('useradd') || words[0]!.endsWith('groupadd') ? operands.at(-1) : operands[0]
  if (name === undefined) return undefined
  const short = kind === 'user' ? 'u' : 'g'
  const given = flags.get(`-${short}`) ?? flags.get(kind === 'user' ? '--uid' : '--gid')
  const home =
    flags.get('-d') ??
    flags.get('--home-dir') ??
    flags.get('--home') ??
    (words[0]!.endsWith('adduser') && base?.isAlpine ? flags.get('-h') : undefined)
  const hasHome =
    kind === 'user' &&
    !flags.has('-M') &&
    !flags.has('--no-create-home') &&
    !flags.has('-H') &&
    (words[0]!.endsWith('adduser') ||
      [...flags.keys()].some((flag) => /^-\w*m/.test(flag) || flag === '--create-home'))
  const isSystem = [...flags.keys()].some((flag) => flag === '--system' || /^-\w*[rS]/.test(flag))
  return {
    kind,
    name,
    id:
      given === undefined
        ? undefined
        : isSystem && given === ''
          ? undefined
          : /^\d+$/.test(given)
            ? Number(given)
            : undefined,
    home: hasHome ? (home ?? `/home/${name}`) : undefined,
    mustBeFree: given !== undefined && !flags.has('-o') && !flags.has('--non-unique'),
    ...(given === undefined && base ? { id: isSystem ? (base.isAlpine ? 100 : 999) : nextId(base) } : {}),
  }
}

/** The first id from 1000 that the image has not given away. */
function nextId(base: BaseImage): number {
  const taken = new Set(Object.values(base.users))
  return taken.has(1000) ? 1001 : 1000
}

function split(words: readonly (string | undefined)[]): {
  flags: Map<string, string>
  operands: (string | undefined)[]
} {
  const flags = new Map<string, string>()
  const operands: (string | undefined)[] = []
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]
    if (word === undefined || !word.startsWith('-')) operands.push(word)
    else if (word.includes('='))
      flags.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1))
    else if (valued.test(word)) flags.set(word, words[(index += 1)] ?? '')
    else if (/^-\w*[ugdsGc]$/.test(word) && !word.startsWith('--') && word.length > 2) {
      flags.set(word, '')
      flags.set(`-${word.at(-1)}`, words[(index += 1)] ?? '')
    } else flags.set(word, '')
  }
  return { flags, operands }
}

/** The users that an image has before anything is made. */
export function usersOf(base: BaseImage | undefined): Map<string, number | undefined> {
  return new Map(Object.entries(base ? { ...systemUsers, ...base.users } : { root: 0 }))
}
