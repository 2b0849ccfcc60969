/** Keys of rows, as numbers in place of texts: a million of them take some megabytes. */
export class KnownKeys {
  /** The number of the next chunk. */
  nextChunk = 0
  readonly #sums = new Set<number>()

  add(key: string): void {
    this.#sums.add(sumOfText(key))
  }

  has(key: string): boolean {
    return this.#sums.size > 0 && this.#sums.has(sumOfText(key))
  }
}

/** 53 bits (cyrb53, public domain): two keys of a million are the same once in ten thousand times, and then a row is reported as missing. */
function sumOfText(text: string): number {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    high = Math.imul(high ^ code, 2_654_435_761)
    low = Math.imul(low ^ code, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0)
}
