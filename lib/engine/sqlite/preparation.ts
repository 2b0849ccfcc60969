import { prepareLocation, type Place, type PreparedLocation } from './prepare-location.ts'

/** A place that is made ready once, for whoever needs it first. */
export class Preparation {
  readonly #place: Place
  #running: Promise<PreparedLocation> | undefined
  #isDone = false

  constructor(place: Place) {
    this.#place = place
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
    const prepared = await prepareLocation(this.#place)
    this.#isDone = prepared.ok
    if (!prepared.ok) this.#running = undefined
    return prepared
  }
}
