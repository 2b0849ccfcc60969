import type { StageState } from '../dockerfile/stage-state.ts'
import type { Environment, Known } from '../environment.ts'
import type { Folder } from '../folder.ts'
import type { Place } from '../finding.ts'

/** A server that the container starts, and where it listens. */
export interface Listening {
  readonly program: string
  /** Nothing where it cannot be known; `null` where it is given, and no number. */
  readonly port: number | null | undefined
  /** What the port was written as, where it is no number. */
  readonly written?: string
  readonly host: string | undefined
  readonly place: Place
}

/** What the container starts: the words, and what holds there. */
export interface Process {
  /** A word is nothing where it cannot be known. */
  readonly words: readonly (string | undefined)[]
  readonly environment: Environment
  readonly workingDirectory: string | undefined
  readonly place: Place
  /** `main`: the last one in the foreground; `before`: it ends before the next begins; `maybe`: under a condition. */
  readonly role: 'main' | 'background' | 'before' | 'maybe'
  /** Whether what follows starts also where it fails. */
  readonly isTolerated?: boolean
}

/** The folder as the container sees it. */
export interface ContainerFiles {
  readonly folder: Folder
  /** The file of the folder at an absolute path of the image. */
  locate(path: string): string | undefined
}

/** The container: its files, its image, and the sources that were read on the way. */
export interface Container extends ContainerFiles {
  readonly image: StageState
  readonly sources: string[]
  /** What the start runs as a script: its command, and the files that it follows. */
  readonly startTexts: readonly string[]
}

/** Where a command listens; `none` for one that serves nothing, `unknown` for one that nobody here knows. */
export type Answer = readonly Listening[] | 'none' | 'unknown'

/** Makes a server of what was read. */
export function listening(program: string, port: Known, host: Known, place: Place): Listening {
  if (port === undefined) return { program, port, host: host ?? undefined, place }
  const isNumber = port !== null && /^\s*\d+\s*$/.test(port)
  return {
    program,
    port: isNumber ? Number(port) : null,
    ...(isNumber ? {} : { written: port ?? '' }),
    host: host ?? undefined,
    place,
  }
}

/** Splits `HOST:PORT`, `[::1]:PORT`, `:PORT`, `PORT` or a URL. */
export function splitAddress(text: string): { host: string; port: string | undefined } | undefined {
  const plain = text.replace(/^(?:tcp|http|https):(?:\/\/)?/, '').replace(/\/$/, '')
  if (/^unix:|^fd:|^\//.test(plain)) return undefined
  const [, bracketed, name, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(plain) ?? []
  return { host: bracketed ?? name ?? '', port }
}
