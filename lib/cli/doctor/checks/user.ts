import { finding, type Finding } from '../finding.ts'
import type { Image } from '../dockerfile/image.ts'
import type { Project } from '../project.ts'

const file = 'Dockerfile'

/** The image runs as the user of a Space, uid 1000. */
export function checkUser({ image, dockerfile }: Project): Finding[] {
  if (!image) return []
  const line = image.command?.line ?? dockerfile!.stages.at(-1)!.line
  return [...checkIdTaken(image), ...checkFinalUser(image, line)]
}

function checkIdTaken({ instructions, base }: Image): Finding[] {
  if (!isNodeImage(base)) return []
  const made = instructions.find(({ keyword, text }) => keyword === 'RUN' && makesUser(text, '1000'))
  return made && !/userdel|usermod/.test(made.text)
    ? [finding('user-id-taken', { file, line: made.line }, { image: base })]
    : []
}

function checkFinalUser({ user, base, instructions }: Image, line: number): Finding[] {
  if (!user) return /nonroot/.test(base) ? [] : [finding('runs-as-root', { file, line })]
  const name = user.value.split(':')[0]!
  const place = { file, line: user.line }
  if (name === 'root' || name === '0') return [finding('runs-as-root', place)]
  if (name === '1000' || name.includes('$') || (name === 'node' && isNodeImage(base))) return []
  const known = instructions.filter(({ keyword, text }) => keyword === 'RUN' && /useradd|adduser/.test(text))
  const isOther =
    /^\d+$/.test(name) ||
    known.some(({ text }) => text.includes(name) && !makesUser(text, '1000') && hasId(text))
  return isOther ? [finding('user-not-1000', place, { user: name })] : []
}

function isNodeImage(base: string): boolean {
  return /^(?:docker\.io\/)?(?:library\/)?node(?::|$)/.test(base)
}

function hasId(text: string): boolean {
  return /(?:\s-u|--uid)[ =]?\d+/.test(text)
}

function makesUser(text: string, id: string): boolean {
  return new RegExp(`(?:useradd|adduser)\\b[^&;|]*(?:\\s-u|--uid)[ =]?${id}\\b`).test(text)
}
