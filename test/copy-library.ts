import { cpSync } from 'node:fs'
import { join } from 'node:path'

/** Copies what runs of the library into a folder, as `dist`: there it finds the packages that are put beside it, and no others. */
export function copyLibrary(folder: string): void {
  cpSync(join(process.cwd(), 'dist'), join(folder, 'dist'), { recursive: true, filter: isLoaded })
}

function isLoaded(path: string): boolean {
  return !/\.(?:map|d\.ts|tsbuildinfo)$/.test(path)
}
