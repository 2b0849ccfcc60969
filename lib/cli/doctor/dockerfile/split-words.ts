/**
 * Splits a line into words as a shell does: at blanks outside quotes, the quotes taken off.
 *
 * @param text - the line.
 */
export function splitWords(text: string): string[] {
  const words = text.match(/(?:[^\s"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*'|["'])+/g) ?? []
  return words.map((word) =>
    word.replace(
      /\\([^])|"((?:[^"\\]|\\[^])*)"|'([^']*)'/g,
      (_, escaped: string, double: string, single: string) => {
        return escaped ?? double?.replace(/\\(["\\$])/g, '$1') ?? single
      },
    ),
  )
}
