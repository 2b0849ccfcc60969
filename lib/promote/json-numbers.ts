/** No double loses a digit of shorter numbers, or is too small or too large for them. */
const maybeInexact = /[\d.]{16}|\de[+-]?\d{3}/i

/** Puts a text in place of each number of a JSON text that a double does not hold: read as doubles, two of them could be the same. */
export function keepNumbers(json: string): string {
  if (!maybeInexact.test(json)) return json
  const parts: string[] = []
  for (let start = 0; start < json.length;) {
    const quote = json.indexOf('"', start)
    const end = quote < 0 ? json.length : endOfString(json, quote)
    parts.push(
      json.slice(start, quote < 0 ? end : quote).replaceAll(/-?\d[\d.]*(?:e[+-]?\d+)?/gi, keepNumber),
    )
    if (quote >= 0) parts.push(json.slice(quote, end))
    start = end
  }
  return parts.join('')
}

/** The place after the string that begins there. */
function endOfString(json: string, quote: number): number {
  for (let end = json.indexOf('"', quote + 1); end > 0; end = json.indexOf('"', end + 1)) {
    let marks = 0
    while (json[end - 1 - marks] === '\\') marks++
    if (marks % 2 === 0) return end + 1
  }
  return json.length
}

function keepNumber(number: string): string {
  const exact = digitsOf(number)
  return exact === digitsOf(String(Number(number))) ? number : String.raw`"\u0000${exact}"`
}

/** The same for all ways to write a number. */
function digitsOf(number: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const kept = digits.replace(/0+$/, '')
  return kept && `${sign}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`
}
