import type { Copy } from '../dockerfile/stage-state.ts'
import { isUnder } from '../dockerfile/writable.ts'
import type { Project } from '../project.ts'

/** What the server delivers, and what only people read. */
const isNoSetting =
  /\.(?:md|html?|css|map|svg|png|jpe?g|gif|webp|ico|woff2?|[ot]tf|mp[34]|wav|pdf|zip|gz)$|(?:^|\/)Dockerfile/i

/** Whether the configuration of nginx, in the folder or in a file that is not seen, may hold what a pattern finds. */
export function mayConfigureNginx({ folder, image }: Project, pattern: RegExp): boolean {
  const { base, copies, steps } = image!
  return (
    !base ||
    !folder.isComplete ||
    copies.some((copy) => isUnseen(copy)) ||
    steps.some(
      ({ instruction: { keyword, text } }) =>
        pattern.test(text) || (keyword === 'RUN' && /curl|wget|git clone/.test(text)),
    ) ||
    // A file of any name may be copied there, and any program may write one.
    folder.files.some((path) => !isNoSetting.test(path) && pattern.test(folder.text(path)))
  )
}

/** What comes from elsewhere into the folders of nginx, or above them. */
function isUnseen({ from, destination, instruction: { keyword } }: Copy): boolean {
  if (from === undefined && keyword !== 'ADD') return false
  return (
    destination === undefined ||
    ['/etc/nginx', '/var/cache/nginx'].some(
      (each) => isUnder(each, destination.replace(/(?<=.)\/$/, '')) || isUnder(destination, each),
    )
  )
}
