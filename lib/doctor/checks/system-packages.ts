import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { operandsOf } from '../shell/flags.ts'
import { runsOf, type Run } from './runs.ts'

/** What apt and apk install can be installed there. */
export function checkSystemPackages(project: Project): Finding[] {
  const seen = new Set<string>()
  return runsOf(project)
    .filter(({ name, isCertain }) => isCertain && /^(?:apt|apt-get|apk)$/.test(name))
    .flatMap((run) => checkCommand(run))
    .filter(({ code, line }) => !seen.has(`${code} ${line}`) && seen.add(`${code} ${line}`))
}

function checkCommand(run: Run): Finding[] {
  const { name, args, state, step, place, hasSudo } = run
  const { base, baseName: image } = state
  if (base && (name === 'apk') !== base.isAlpine) {
    const cure = base.isAlpine
      ? 'Alpine has apk: write apk add --no-cache ….'
      : 'Debian and Ubuntu have apt-get: write apt-get update && apt-get install -y ….'
    return [finding('tool-missing', place, { tool: name, image, cure })]
  }
  const verb = args.find((word) => !word?.startsWith('-')) ?? ''
  if (!hasSudo && isOther(step.user) && /^(?:install|update|upgrade|add)$/.test(verb))
    return [finding('needs-root', place, { command: `${name} ${verb}`, user: step.user! })]
  if (verb !== 'install' || args.includes(undefined)) return []
  return [...checkAnswer(run), ...checkLists(run)]
}

function isOther(user: string | undefined): boolean {
  return user !== undefined && user !== 'root' && user !== '0'
}

/** Packages that need others: apt asks only where it would install more than it was told. */
const needOthers =
  /^(?:ffmpeg|nginx|nodejs|npm|cmake|chromium\S*|tesseract-ocr|poppler-utils|imagemagick|postgresql\S*|redis\S*|supervisor|default-j\S+|openjdk-\S+|libgl1\S*|graphviz|texlive\S*|vim|jq|sox|espeak\S*|pandoc|ghostscript|wkhtmltopdf|libsm6|libxext6|libxrender1|htop|tmux|screen|software-properties-common|python3-(?:pip|venv|dev))$/
const needOthersOnSlim =
  /^(?:gcc|g\+\+|build-essential|git|curl|wget|pkg-config|gnupg|openssh-client|\S+-dev|libsndfile1|python3)$/

function checkAnswer({ name, args, state, step, earlier, place }: Run): Finding[] {
  const isQuiet = args.some((word) => /^-(?!-)\w*y|^--(?:yes|assume-yes)$|^-(?!-)\w*q\w*q|^-q=2$/.test(word!))
  const isAnswered = /Assume-Yes|\b(?:yes|echo)\b[^&;\n]*\|/.test(`${earlier}${step.instruction.text}`)
  if (isQuiet || isAnswered) return []
  const isProven = args.some(
    (word) => needOthers.test(word!) || (state.base?.isSlim === true && needOthersOnSlim.test(word!)),
  )
  return [finding('apt-asks', place, { command: name }, isProven ? 'error' : 'warning')]
}

/** Images bring no list of packages; what is fetched is often removed again. */
function checkLists({ name, args, state, step, earlier, place }: Run): Finding[] {
  const isLocal = args.some((word) => /^\.{0,2}\/|\.deb$/.test(word!))
  const isCached = /type=cache/.test(step.instruction.flags['mount'] ?? '')
  const packages = operandsOf(args).slice(1)
  // What is there already needs no list.
  const isThere = packages.every((each) => wasInstalled(each!, earlier))
  if (!state.base || isLocal || isCached || isThere) return []
  const since = earlier.slice(earlier.lastIndexOf('/var/lib/apt/lists') + 1)
  const isFetched = /\bupdate\b|\|\s*(?:sudo\s+)?(?:-\w+\s+)*(?:ba)?sh\b|\.sh\b|<</.test(since)
  return isFetched ? [] : [finding('apt-without-update', place, { command: name, image: state.baseName })]
}

function wasInstalled(name: string, earlier: string): boolean {
  const written = name.replaceAll(/[^\w-]/g, String.raw`\$&`)
  return new RegExp(String.raw`\binstall\s[^&|;]*(?<!\S)${written}(?!\S)`).test(earlier)
}
