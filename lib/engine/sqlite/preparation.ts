import type { Problem } from '../../problem/problem.ts'
import type { SqliteDriver } from './driver-names.ts'
import type { FileKeeper } from './file-keeper.ts'
import { prepareLocation, type Place, type PreparedLocation } from './prepare-location.ts'

/** A place that is made ready once, for whoever needs it first. */
export class Preparation {
  readonly #place: Place
  readonly #driver: SqliteDriver
  readonly #keeper: FileKeeper | undefined
  #running: Promise<PreparedLocation> | undefined
  #isDone = false

  /** @param keeper - restores the file, and holds its log before the first connection is made. */
  constructor(place: Place, driver: SqliteDriver, keeper?: FileKeeper) {
    this.#place = place
    this.#driver = driver
    this.#keeper = keeper
  }

  /** Whether the place is ready. A file that is deleted after that is not made anew. */
  get isDone(): boolean {
    return this.#isDone
  }

  /** Makes the place ready; what failed is tried again with the next call. It never rejects. */
  async run(): Promise<PreparedLocation> {
    this.#running ??= this.#prepare()
    return await this.#running
  }

  async #prepare(): Promise<PreparedLocation> {
    const prepared = await this.#prepareKept()
    this.#isDone = prepared.ok
    if (!prepared.ok) this.#running = undefined
    return prepared
  }

  async #prepareKept(): Promise<PreparedLocation> {
    const unrestored = await this.#keeper?.restore(this.#place.filename, this.#driver)
    if (unrestored) return refuse(unrestored)
    const prepared = await prepareLocation(this.#place)
    const unheld = prepared.ok ? await this.#keeper?.attach() : undefined
    return unheld ? refuse(unheld) : prepared
  }
}

/** Another file is no answer to a copy that cannot be had. */
function refuse(problem: Problem): PreparedLocation {
  return { ok: false, problem, why: problem.message, mayPassOver: false }
}
