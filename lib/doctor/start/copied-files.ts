import { posix } from 'node:path'
import type { StageState } from '../dockerfile/stage-state.ts'
import type { ContainerFiles } from './listening.ts'

/** A file of the folder, and where it lies in the image. */
export interface CopiedFile {
  readonly path: string
  readonly file: string
  readonly text: string
}

/** The files of the folder that are copied below a path of the image; `unknown` where others may be. */
export function filesBelow(
  top: string,
  { image, folder, locate }: ContainerFiles & { readonly image: StageState },
): readonly CopiedFile[] | 'unknown' {
  const found = new Map<string, CopiedFile>()
  for (const { destination, sources, from, instruction } of image.copies) {
    if (destination === undefined || instruction.hasHeredoc) return 'unknown'
    if (!`${destination.replace(/\/$/, '')}/`.startsWith(`${top}/`)) continue
    if (from !== undefined) return 'unknown'
    for (const source of sources) {
      const base = source.replace(/^\.?\//, '').replace(/\/$/, '')
      const inside = folder.files.filter(
        (file) => file === base || file.startsWith(`${base}/`) || base === '',
      )
      for (const file of inside) {
        const names = ['', posix.basename(file), posix.relative(base, file)]
        const path = names.map((name) => posix.join(destination, name)).find((each) => locate(each) === file)
        if (path) found.set(path, { path, file, text: folder.text(file) })
      }
    }
  }
  return [...found.values()]
}
