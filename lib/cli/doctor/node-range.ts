/** The parts of a version that are known: `24` says nothing of the minor version. */
export type PartialVersion = readonly [number, number?, number?]

type Version = readonly [number, number, number]
type Comparator = (version: Version) => boolean

/**
 * Whether some version that begins with these parts is in a range of npm's syntax.
 *
 * @param known - the parts that are known.
 * @param range - such as `>=20.19 <25` or `^20 || >=22.13`. What is not understood counts as fitting.
 */
export function fitsRange(known: PartialVersion, range: string): boolean {
  const [major, minor, patch] = known
  const versions: Version[] = [
    [major, minor ?? 0, patch ?? 0],
    [major, minor ?? Infinity, patch ?? Infinity],
  ]
  return range.split('||').some((part) => {
    const comparators = readComparators(part)
    return versions.some((version) => comparators.every((fits) => fits(version)))
  })
}

function readComparators(part: string): Comparator[] {
  const between = /^\s*(\S+)\s+-\s+(\S+)\s*$/.exec(part)
  const words = between
    ? [`>=${between[1]}`, `<=${between[2]}`]
    : part
        .replaceAll(/([<>=~^]+)\s+/g, '$1')
        .trim()
        .split(/\s+/)
  return words.flatMap((word) => {
    const match = /^(>=|<=|>|<|=|\^|~)?v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.?[xX*])*(?:-.*)?$/.exec(word)
    return match
      ? [
          comparator(
            match[1] ?? '',
            match.slice(2).map((text) => (text === undefined ? undefined : Number(text))),
          ),
        ]
      : []
  })
}

function comparator(
  operator: string,
  [major = 0, minor, patch]: readonly (number | undefined)[],
): Comparator {
  const low: Version = [major, minor ?? 0, patch ?? 0]
  const high: Version = [major, minor ?? Infinity, patch ?? Infinity]
  const upTo: Readonly<Record<string, Version>> = {
    '^': major > 0 ? [major, Infinity, Infinity] : high,
    '~': [major, minor ?? Infinity, Infinity],
  }
  const table: Readonly<Record<string, Comparator>> = {
    '>=': (version) => compare(version, low) >= 0,
    '<=': (version) => compare(version, high) <= 0,
    '>': (version) => compare(version, high) > 0,
    '<': (version) => compare(version, low) < 0,
  }
  return (
    table[operator] ??
    ((version) => compare(version, low) >= 0 && compare(version, upTo[operator] ?? high) <= 0)
  )
}

function compare(a: Version, b: Version): number {
  const index = a.findIndex((part, at) => part !== b[at])
  return index === -1 ? 0 : a[index]! - b[index]!
}
