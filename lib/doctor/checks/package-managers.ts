import { posix } from 'node:path'
import { locate } from '../dockerfile/files.ts'
import type { StageState, Step } from '../dockerfile/stage-state.ts'
import { expandAll } from '../dockerfile/users.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'

const file = 'Dockerfile'

/** What each `RUN` installs can be installed there. */
export function checkPackageManagers(project: Project): Finding[] {
  return project.stages.flatMap((state) => {
    const own = new Set(state.stage.instructions)
    return state.steps.flatMap((step, index) => {
      if (!own.has(step.instruction) || !step.commands) return []
      const before = state.steps
        .slice(0, index)
        .map(({ instruction }) => instruction.text)
        .join('\n')
      const found: Finding[] = []
      for (const command of step.commands) {
        const words = expandAll(command, step.environment)
        const earlier = `${before}\n${step.instruction.text.slice(0, command.offset)}`
        if (!command.isTolerated) found.push(...checkCommand({ words, step, state, earlier, project }))
      }
      return unique(found)
    })
  })
}

interface Run {
  readonly words: readonly (string | undefined)[]
  readonly step: Step
  readonly state: StageState
  /** The instructions before, and the commands before in this one. */
  readonly earlier: string
  readonly project: Project
}

function unique(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    ({ code, message }, index) =>
      findings.findIndex(
        (each) => each.code === code && (code === 'needs-root' || each.message === message),
      ) === index,
  )
}

function checkCommand(run: Run): Finding[] {
  const words = run.words[0] === 'sudo' ? run.words.slice(1) : run.words
  const name = posix.basename(words[0] ?? '')
  const place = { file, line: run.step.instruction.line }
  if (run.words[0] === 'sudo' && run.state.base && !/\bsudo\b/.test(run.earlier))
    return [
      finding('tool-missing', place, {
        tool: 'sudo',
        image: run.state.baseName,
        cure: 'Remove sudo: a build runs as root until USER.',
      }),
    ]
  if (/^(?:apt|apt-get|apk)$/.test(name)) return checkSystem(name, words, run, place)
  if (/^pip[\d.]*$/.test(name)) return checkPip(words.slice(1), run, place)
  if (/^python[\d.]*$/.test(name) && words[1] === '-m' && words[2] === 'pip')
    return checkPip(words.slice(3), run, place)
  return checkTool(name, words, run, place)
}

type Place = { readonly file: string; readonly line: number }

function checkSystem(
  name: string,
  words: readonly (string | undefined)[],
  { step, state, earlier }: Run,
  place: Place,
): Finding[] {
  const { base } = state
  const verb = words.slice(1).find((word) => !word?.startsWith('-'))
  if (base && (name === 'apk') !== base.isAlpine) {
    return [
      finding('tool-missing', place, {
        tool: name,
        image: state.baseName,
        cure: base.isAlpine
          ? 'Alpine has apk: write apk add --no-cache ….'
          : 'Debian and Ubuntu have apt-get: write apt-get update && apt-get install -y ….',
      }),
    ]
  }
  const user = step.user
  const id = user === undefined ? undefined : /^\d+$/.test(user) ? Number(user) : user === 'root' ? 0 : 1
  if (id !== undefined && id !== 0 && /^(?:install|update|upgrade|add)$/.test(verb ?? ''))
    return [finding('needs-root', place, { command: `${name} ${verb}`, user: user! })]
  if (name === 'apk' || verb !== 'install' || words.includes(undefined)) return []
  const flags = words.filter((word) => word?.startsWith('-'))
  const isQuiet = flags.some((flag) =>
    /^-(?!-)\w*y|^--(?:yes|assume-yes)$|^-(?!-)\w*q\w*q|^-q=2|^-qq/.test(flag!),
  )
  const isConfigured = /APT::Get::Assume-Yes|yes\s*\|/.test(`${earlier}${step.instruction.text}`)
  const asks = !isQuiet && !isConfigured ? [finding('apt-asks', place, { command: name })] : []
  const isLocal = words.some((word) => word !== undefined && /^\.{0,2}\/|\.deb$/.test(word))
  const isStale =
    base &&
    !isLocal &&
    !/\bupdate\b|install_nodesource|setup_\d+\.x/.test(earlier) &&
    !state.steps.some(({ instruction }) => /--mount=type=cache/.test(JSON.stringify(instruction.flags)))
  return [
    ...asks,
    ...(isStale ? [finding('apt-without-update', place, { command: name, image: state.baseName })] : []),
  ]
}

/** Python of the system refuses pip since Debian 12, Ubuntu 23.04 and Alpine 3.19. */
function isManaged({ base }: StageState): boolean {
  if (!base) return false
  const version = Number.parseFloat(/^\d+(?:\.\d+)?/.exec(base.tag)?.[0] ?? '')
  if (base.name === 'debian') return version >= 12 || /^(?:bookworm|trixie|latest|stable)/.test(base.tag)
  if (base.name === 'ubuntu') return version >= 23.04 || /^(?:latest|noble|rolling)/.test(base.tag)
  if (base.name === 'node')
    return /bookworm|trixie/.test(base.tag) || (version >= 20 && !/bullseye|buster|alpine/.test(base.tag))
  return base.name === 'alpine' && (version >= 3.19 || base.tag === 'latest')
}

function checkPip(args: readonly (string | undefined)[], run: Run, place: Place): Finding[] {
  if (args[0] !== 'install') return []
  const { state, step, earlier } = run
  const isFree =
    args.some((arg) => /^--(?:break-system-packages|target|prefix|root)/.test(arg ?? '')) ||
    /venv|EXTERNALLY-MANAGED|conda|pyenv/.test(
      `${earlier}\n${[...state.settings.values()].map(({ value }) => value).join(' ')}\n${step.instruction.text}`,
    )
  const breaks = step.environment.get('PIP_BREAK_SYSTEM_PACKAGES')
  if (isManaged(state) && !isFree && breaks === null)
    return [finding('pip-externally-managed', place, { image: state.baseName })]
  const files = args.flatMap((arg, index) =>
    /^(?:-r|--requirement|-c)$/.test(args[index - 1] ?? '')
      ? [arg]
      : /^(?:-r|--requirement=)(.+)$/.test(arg ?? '')
        ? [arg!.replace(/^(?:-r|--requirement=)/, '')]
        : [],
  )
  return files.flatMap((name) => (name === undefined ? [] : checkFile('pip', name, run, place)))
}

/** A file that a tool reads is in the image at that line. */
function checkFile(
  tool: string,
  name: string,
  { step, project, state, earlier }: Run,
  place: Place,
): Finding[] {
  if (step.workingDirectory === undefined || name.includes('://') || isOpen(step, state)) return []
  const folder = changedFolder(step, earlier)
  if (folder === undefined) return []
  const path = posix.resolve(folder, name)
  // The instruction that should have copied it says so.
  if (
    step.copies.some(({ sources }) =>
      sources.some((source) => posix.basename(source) === posix.basename(name)),
    )
  )
    return []
  if (locate(path, step.copies, project.stages, project) !== undefined) return []
  return [finding('requirements-missing', place, { tool, path: name, name: posix.basename(name) })]
}

function changedFolder({ workingDirectory, instruction }: Step, earlier: string): string | undefined {
  const before = earlier.slice(-instruction.text.length)
  return /\bcd\s/.test(instruction.text) || /\bcd\s/.test(before.split('\n').at(-1) ?? '')
    ? undefined
    : workingDirectory
}

/** Whether files may have come in another way than from the folder. */
function isOpen(step: Step, state: StageState): boolean {
  if ('mount' in step.instruction.flags || !state.base) return true
  if (
    step.copies.some(
      ({ destination, from, instruction }) =>
        destination === undefined ||
        from !== undefined ||
        instruction.hasHeredoc ||
        instruction.keyword === 'ADD',
    )
  )
    return true
  const before = state.steps
    .slice(0, state.steps.indexOf(step) + 1)
    .filter(({ instruction }) => instruction.keyword === 'RUN')
  return before.some(
    ({ instruction: { text, hasHeredoc } }) =>
      hasHeredoc ||
      /\b(?:git\s+clone|curl|wget|unzip|tar|cp|mv|ln|tee|sed|echo|cat|printf|touch|compile|export|freeze|init)\b|>/.test(
        text,
      ),
  )
}

const lockfiles: Readonly<
  Record<string, { readonly when: RegExp; readonly names: readonly string[]; readonly cure: string }>
> = {
  npm: {
    when: /^npm (?:\S+ )*(?:ci|clean-install)\b/,
    names: ['package-lock.json', 'npm-shrinkwrap.json'],
    cure: 'npm install',
  },
  yarn: { when: /^yarn\b.*--(?:frozen-lockfile|immutable)\b/, names: ['yarn.lock'], cure: 'yarn install' },
  pnpm: { when: /^pnpm\b.*--frozen-lockfile\b(?!=false)/, names: ['pnpm-lock.yaml'], cure: 'pnpm install' },
  bun: { when: /^bun\b.*--frozen-lockfile\b/, names: ['bun.lock', 'bun.lockb'], cure: 'bun install' },
  uv: { when: /^uv sync\b.*--(?:frozen|locked)\b/, names: ['uv.lock'], cure: 'uv lock' },
}

function checkTool(name: string, words: readonly (string | undefined)[], run: Run, place: Place): Finding[] {
  const text = [name, ...words.slice(1)].join(' ')
  const missing = checkBinary(name, run, place)
  if (missing.length > 0) return missing
  const row = Object.hasOwn(lockfiles, name) ? lockfiles[name] : undefined
  if (
    !row?.when.test(text) ||
    words.includes(undefined) ||
    /--(?:prefix|cwd|dir|directory|project)\b|\s-C\s/.test(text)
  )
    return []
  return checkLock(text.split(' ').slice(0, 2).join(' '), row, run, place)
}

function checkLock(
  tool: string,
  { names, cure }: { readonly names: readonly string[]; readonly cure: string },
  { step, state, project, earlier }: Run,
  place: Place,
): Finding[] {
  const folder = changedFolder(step, earlier)
  if (folder === undefined || isOpen(step, state)) return []
  if (
    names.some(
      (name) => locate(posix.resolve(folder, name), step.copies, project.stages, project) !== undefined,
    )
  )
    return []
  const isThere = project.folder.files.some((path) => names.includes(posix.basename(path)))
  const [name] = names as readonly [string]
  if (isThere) return [finding('lockfile-not-copied', place, { tool, name })]
  return tool === 'npm ci'
    ? [finding('lockfile-missing', place)]
    : [finding('lockfile-of-other-tool', place, { tool, name, cure })]
}

/** Tools that no official image but their own brings, and how they come. */
const tools: Readonly<
  Record<string, { readonly isIn: RegExp; readonly comes: RegExp; readonly cure: string }>
> = {
  uv: {
    isIn: /astral-sh\/uv/,
    comes: /\buv\b/,
    cure: 'Install it: RUN pip install uv, or COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/.',
  },
  poetry: { isIn: /poetry/, comes: /\bpoetry\b/, cure: 'Install it: RUN pip install poetry.' },
  pipenv: { isIn: /pipenv/, comes: /\bpipenv\b/, cure: 'Install it: RUN pip install pipenv.' },
  pnpm: {
    isIn: /pnpm/,
    comes: /corepack|pnpm/,
    cure: 'Install it: RUN npm install -g pnpm, or RUN corepack enable.',
  },
  bun: {
    isIn: /bun/,
    comes: /bun/,
    cure: 'Install it: RUN npm install -g bun, or begin with the image oven/bun.',
  },
  git: {
    isIn: /^(?!.*(?:slim|alpine)).*(?:python|node|golang|rust|ruby|gradle|maven)/,
    comes: /\bgit\b/,
    cure: 'Install it: RUN apt-get update && apt-get install -y git (Alpine: apk add --no-cache git).',
  },
  curl: {
    isIn: /^(?!.*(?:slim|alpine)).*(?:python|node|golang|rust|ruby|gradle|maven|php|nginx)|php|nginx/,
    comes: /\bcurl\b/,
    cure: 'Install it: RUN apt-get update && apt-get install -y curl (Alpine: apk add --no-cache curl).',
  },
}

function checkBinary(name: string, { state, earlier, step }: Run, place: Place): Finding[] {
  const row = Object.hasOwn(tools, name) ? tools[name] : undefined
  if (!row || !state.base || row.isIn.test(state.baseName)) return []
  const copies = step.copies.map(({ from, sources }) => `${from ?? ''} ${sources.join(' ')}`).join('\n')
  // Another package may bring it along: a list of requirements, or a tool that is unpacked.
  const isBrought =
    row.comes.test(withoutOwn(earlier, name)) ||
    row.comes.test(copies) ||
    /install[^&|;\n]*\s-r\s|curl|wget/.test(earlier) ||
    step.copies.some(({ from }) => from !== undefined)
  return isBrought
    ? []
    : [finding('tool-missing', place, { tool: name, image: state.baseName, cure: row.cure })]
}

/** An earlier use of a tool brings it no more than this one. */
function withoutOwn(earlier: string, name: string): string {
  return earlier.replaceAll(new RegExp(`(^|&&|;|\\n)\\s*${name}\\b`, 'g'), '$1')
}
