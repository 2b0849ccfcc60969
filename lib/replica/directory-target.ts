import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { errorCode } from '../resolve/error-code.ts'
import { syncDirectory, writeDurably, writeNew } from './durable-file.ts'
import { ask, replicaUnreachable } from './replica-failure.ts'
import type { ReplicaTarget } from './replica-target.ts'

/** Where an object lies until it is whole; no key begins with a dot. */
const parts = '.parts'

/** What file systems say that cannot give a file a second name, or a new one. */
const refusals: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EXDEV'])

/** A directory as a replica: the mount of a bucket, or a volume. Its own directory is made; the one above must be there. */
export class DirectoryTarget implements ReplicaTarget {
  readonly name: string
  readonly #directory: string
  #hanging = 0

  constructor(directory: string) {
    this.#directory = directory
    this.name = pathToFileURL(directory).href
  }

  /** Makes the directory where it is missing, and takes away what writers that were killed have left. */
  async prepare(): Promise<void> {
    await this.#ask(async () => {
      await mkdir(this.#directory).catch(unless('EEXIST'))
      if (!(await stat(this.#directory)).isDirectory())
        throw replicaUnreachable(this.name, 'it is no directory')
      await this.#removeOldParts().catch(() => undefined)
    })
  }

  async list(prefix: string): Promise<string[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
    const keys = await this.#ask(() => this.#walk(folder))
    return keys.filter((key) => key.startsWith(prefix)).toSorted()
  }

  async read(key: string): Promise<Buffer | undefined> {
    return await this.#ask(() => readFile(this.#path(key)).catch((error) => this.#ifAbsent(error, undefined)))
  }

  async create(key: string, bytes: Uint8Array): Promise<boolean> {
    return await this.#ask(async () => {
      const path = await this.#placeFor(key)
      const part = await this.#writePart(bytes)
      try {
        await link(part, path)
      } catch (error) {
        if (errorCode(error) === 'EEXIST') return false
        if (!refusals.has(errorCode(error))) throw error
        return await writeNew(path, bytes)
      } finally {
        await rm(part, { force: true })
      }
      await syncDirectory(dirname(path))
      return true
    })
  }

  async write(key: string, bytes: Uint8Array): Promise<void> {
    await this.#ask(async () => {
      await this.#replace(key, bytes, writeDurably)
      await syncDirectory(dirname(this.#path(key)))
    })
  }

  /** Does not wait for the disk, for which the program's own commits would wait too. */
  async show(key: string, bytes: Uint8Array): Promise<void> {
    await this.#ask(() =>
      this.#replace(key, bytes, (path, content, flag) => writeFile(path, content, { flag })),
    )
  }

  async remove(key: string): Promise<void> {
    await this.#ask(async () => {
      await rm(this.#path(key)).catch((error) => this.#ifAbsent(error, undefined))
      for (let path = dirname(key); path !== '.'; path = dirname(path)) {
        const isGone = await rmdir(this.#path(path)).then(
          () => true,
          () => false,
        )
        if (!isGone) break
      }
    })
  }

  /** A mount that hangs holds a thread for each call: no more of them are begun until the first ones ended. */
  async #ask<T>(request: () => Promise<T>): Promise<T> {
    if (this.#hanging > 0) throw replicaUnreachable(this.name, 'it does not answer')
    let hasEnded = false
    const running = request().finally(() => (hasEnded = true))
    try {
      return await ask(this.name, running)
    } finally {
      if (!hasEnded) this.#wait(running)
    }
  }

  #wait(running: Promise<unknown>): void {
    this.#hanging++
    const end = (): void => void this.#hanging--
    running.then(end, end)
  }

  #path(key: string): string {
    return join(this.#directory, key)
  }

  /** What is missing may be missing because the mount is: then nothing can be said. */
  async #ifAbsent<T>(error: unknown, absent: T): Promise<T> {
    if (errorCode(error) !== 'ENOENT') throw error
    await stat(this.#directory)
    return absent
  }

  async #walk(folder: string): Promise<string[]> {
    const entries = await readdir(this.#path(folder), { withFileTypes: true }).catch((error) =>
      this.#ifAbsent(error, []),
    )
    const visible = entries.filter(({ name }) => !name.startsWith('.'))
    const keys = await Promise.all(
      visible.map(async (entry) =>
        entry.isDirectory() ? await this.#walk(`${folder}${entry.name}/`) : [folder + entry.name],
      ),
    )
    return keys.flat()
  }

  /** The path of a key, in a directory that exists. The replica's own is not made again: it is missing because the mount is. */
  async #placeFor(key: string): Promise<string> {
    await stat(this.#directory)
    const path = this.#path(key)
    await mkdir(dirname(path), { recursive: true })
    return path
  }

  async #replace(key: string, bytes: Uint8Array, write: typeof writeDurably): Promise<void> {
    const path = await this.#placeFor(key)
    const part = await this.#writePart(bytes, write)
    try {
      await rename(part, path)
    } catch (error) {
      await rm(part, { force: true })
      if (!refusals.has(errorCode(error))) throw error
      await write(path, bytes, 'w')
    }
  }

  async #writePart(bytes: Uint8Array, write: typeof writeDurably = writeDurably): Promise<string> {
    const part = await this.#placeFor(`${parts}/${randomUUID()}`)
    try {
      await write(part, bytes, 'wx')
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
    return part
  }

  async #removeOldParts(): Promise<void> {
    const folder = this.#path(parts)
    for (const name of await readdir(folder)) {
      const { mtimeMs } = await stat(join(folder, name))
      if (mtimeMs < Date.now() - oldMs) await rm(join(folder, name), { force: true })
    }
  }
}

/** A part that is so old has no writer any more, in milliseconds: a request ends within seconds. */
const oldMs = 3_600_000

function unless(code: string): (error: unknown) => void {
  return (error) => {
    if (errorCode(error) !== code) throw error
  }
}
