/** Keys of rows, eight bytes each in place of a text. */
export class KnownKeys {
  /** The number of the next chunk. */
  nextChunk = 0
  #sums = new Float64Array(0)
  #count = 0
  #isSorted = true

  get size(): number {
    return this.#count
  }

  add(key: string): void {
    if (this.#count === this.#sums.length) this.#grow()
    this.#sums[this.#count++] = sumOfText(key)
    this.#isSorted = false
  }

  has(key: string): boolean {
    if (this.#count === 0) return false
    if (!this.#isSorted) this.#sums.subarray(0, this.#count).sort()
    this.#isSorted = true
    return this.#find(sumOfText(key))
  }

  #grow(): void {
    const larger = new Float64Array(Math.max(1024, this.#sums.length * 2))
    larger.set(this.#sums)
    this.#sums = larger
  }

  #find(sum: number): boolean {
    let [low, high] = [0, this.#count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#sums[middle]! < sum) low = middle + 1
      else high = middle
    }
    return this.#sums[low] === sum
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
