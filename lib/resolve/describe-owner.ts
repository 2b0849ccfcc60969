/**
 * Says why a file may not be used: the usual cause is that it belongs to root, in a container that does not run as root.
 *
 * @param self - the number of this user; there is none on Windows, and root may do everything.
 */
export function describeOwner(
  { uid, mode }: { readonly uid: number; readonly mode: number },
  self: number | undefined = process.getuid?.(),
): string {
  const rights = (mode & 0o7777).toString(8).padStart(4, '0')
  if (!self) return `its mode is ${rights}, or its file system is read-only`
  return `it belongs to user ${uid} (mode ${rights}), and this program runs as user ${self}`
}
