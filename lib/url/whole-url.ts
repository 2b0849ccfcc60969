/** Bounded, so that a long text costs no more than its length. `file:` begins the name of a file in SQLite itself. */
const url = /\b(?!file:)[a-z][a-z\d+.-]{1,40}:\/\//i

/** Whether a part of an address, which would be shown, holds a whole URL, and perhaps its password. */
export function holdsUrl(text: string): boolean {
  return url.test(text)
}
