/** What a package.json says that matters here. */
export interface PackageFile {
  readonly path: string
  readonly name: string
  /** Nothing where the file is not valid JSON. */
  readonly content: PackageContent | undefined
  /** The line of the first `"name":` in the file, from 1; 1 where it is not there. */
  lineOf(name: string): number
}

/** The fields of a package.json that the checks read. */
export interface PackageContent {
  readonly name?: string
  readonly engines?: { readonly node?: string }
  readonly scripts?: Readonly<Record<string, string>>
  readonly workspaces?: readonly string[] | { readonly packages?: readonly string[] }
  readonly allowScripts?: Readonly<Record<string, boolean>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/**
 * Reads a package.json.
 *
 * @param read - reads a file of the project.
 * @param path - the file.
 */
export function readPackage(
  read: (path: string) => string | undefined,
  path: string,
): PackageFile | undefined {
  const text = read(path)
  if (text === undefined) return undefined
  const content: PackageContent | undefined = parseObject(text.replace(/^\uFEFF/, ''))
  return {
    path,
    name: content?.name ?? path,
    content,
    lineOf: (name) =>
      text.split('\n').findIndex((line) => line.includes(`${JSON.stringify(name)}:`)) + 1 || 1,
  }
}

/** Parses a JSON object; nothing where the text is none. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
