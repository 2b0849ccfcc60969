import type { BaseImage } from '../dockerfile/base-image.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { runsOf, type Run } from './runs.ts'

/** The programs that the build runs are there. */
export function checkTools(project: Project): Finding[] {
  const seen = new Set<string>()
  return runsOf(project).flatMap((run) => {
    if (!run.isCertain) return []
    const name = run.hasSudo ? 'sudo' : run.name
    const key = `${run.place.line} ${name}`
    return isMissing(name, run) && !seen.has(key) && seen.add(key) ? [missing(name, run)] : []
  })
}

/** What to say where a tool is missing. */
export function missing(tool: string, { state, place }: Run): Finding {
  const cure = tools[tool]!.cure(state.base!)
  const values = { tool, image: state.baseName, cure }
  return finding('tool-missing', place, values, tools[tool]!.severity ?? 'error')
}

/** Whether a tool of the table certainly is not there. */
export function isMissing(name: string, run: Run): boolean {
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined
  const { base } = run.state
  if (!tool || !base || !judged.test(base.name) || !tool.isMissing(base)) return false
  const others = run.earlier.replaceAll(
    new RegExp(`(^|&&|;|\\n)\\s*${name.replaceAll('+', '\\+')}\\b`, 'g'),
    '$1',
  )
  // Somebody else may bring it: a script, an archive, a list that is not seen.
  const isBrought =
    tool.comes.test(others) ||
    /curl|wget|\.sh\b|xargs|\binstall\b[^\n]*\$|<</.test(others) ||
    (tool.isOfPython === true && /\binstall\b[^&|;\n]*\s-r\s|\binstall\b[^&|;\n]*\s\.(?:\s|$)/m.test(others))
  return !isBrought && !run.step.copies.some(({ from }) => from !== undefined)
}

/** Images of which is known what they hold. */
const judged = /^(?:python|node|debian|ubuntu|alpine|golang|rust|ruby|ghcr\.io\/astral-sh\/uv)$/

interface Tool {
  isMissing(base: BaseImage): boolean
  /** What brings it. */
  readonly comes: RegExp
  /** How sure that is; `error` by default. */
  readonly severity?: 'warning'
  /** Whether a list of Python packages may bring it. */
  readonly isOfPython?: boolean
  cure(base: BaseImage): string
}

const isSmall = ({ isSlim }: BaseImage): boolean => isSlim
const isSmallDebian = ({ isSlim, isAlpine }: BaseImage): boolean => isSlim && !isAlpine
const isWithoutCompiler = ({ isSlim, name }: BaseImage): boolean => isSlim && name !== 'rust'

function system(name: string, isMissing: Tool['isMissing'] = isSmall, packages = name): Tool {
  return {
    isMissing,
    comes: new RegExp(`\\b(?:${packages.replaceAll('+', '\\+')})`),
    cure: ({ isAlpine }) =>
      isAlpine
        ? `Install it: RUN apk add --no-cache ${name}.`
        : `Install it: RUN apt-get update && apt-get install -y ${name}.`,
  }
}

function ofPython(name: string): Tool {
  return {
    isMissing: (base) => base.name !== `ghcr.io/astral-sh/${name}`,
    comes: new RegExp(`\\b${name}\\b`),
    isOfPython: true,
    cure: () =>
      `Install it: RUN pip install ${name}${name === 'uv' ? ', or COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/' : ''}.`,
  }
}

function ofNode(name: string, comes: RegExp, cure: string): Tool {
  return {
    isMissing: ({ name: base }) => base !== 'node' || !/^(?:node|npm|npx|yarn)$/.test(name),
    comes,
    cure: () => cure,
    ...(name === 'pnpm' || name === 'bun' ? {} : { severity: 'warning' }),
  }
}

/** Programs that Alpine has under other names. */
function ofShadow(instead: string): Tool {
  return {
    isMissing: ({ isAlpine }) => isAlpine,
    comes: /\bshadow\b/,
    cure: () => `Write ${instead}, as Alpine has it, or install it: RUN apk add --no-cache shadow.`,
  }
}

const nodeItself =
  'Begin that stage with a node image, such as FROM node:24-slim AS build, and copy what it makes with COPY --from=build.'
const pip: Tool = {
  isMissing: ({ name }) => name !== 'python',
  comes: /python|py3-pip|\bpip\b|conda|pyenv|venv|\buv\b/,
  cure: ({ name }) =>
    name === 'node'
      ? 'Begin with a python image, or a stage of its own for Python.'
      : 'Begin with a python image, such as FROM python:3.12-slim.',
}

const conda: Tool = {
  isMissing: () => true,
  comes: /conda|mamba|miniforge/i,
  cure: () => 'Begin with an image that has it, such as FROM continuumio/miniconda3.',
}

const tools: Readonly<Record<string, Tool>> = {
  conda,
  mamba: conda,
  uv: ofPython('uv'),
  poetry: ofPython('poetry'),
  pipenv: ofPython('pipenv'),
  pdm: ofPython('pdm'),
  pip,
  pip3: pip,
  node: ofNode('node', /node|nvm|npm/, nodeItself),
  npm: ofNode('npm', /node|nvm|npm/, nodeItself),
  npx: ofNode('npx', /node|nvm|npm/, nodeItself),
  yarn: ofNode('yarn', /node|nvm|npm|yarn/, nodeItself),
  pnpm: ofNode('pnpm', /corepack|pnpm/, 'Install it: RUN npm install -g pnpm, or RUN corepack enable.'),
  bun: ofNode('bun', /bun/, 'Install it: RUN npm install -g bun, or begin with the image oven/bun.'),
  git: system('git'),
  curl: system('curl'),
  wget: system('wget', isSmallDebian),
  unzip: system('unzip', isSmallDebian),
  make: system('make', isSmall, 'make|build-essential|build-base'),
  gcc: system('gcc', isWithoutCompiler, 'gcc|g++|build-essential|build-base'),
  'g++': system('g++', isWithoutCompiler, 'g++|build-essential|build-base'),
  cmake: { ...system('cmake'), isOfPython: true },
  bash: system('bash', ({ isAlpine }) => isAlpine),
  useradd: ofShadow('adduser -D -u 1000 user'),
  groupadd: ofShadow('addgroup -g 1000 user'),
  usermod: ofShadow('adduser'),
  sudo: {
    isMissing: () => true,
    comes: /\bsudo\b/,
    cure: () => 'Remove sudo: a build runs as root until USER.',
  },
}
