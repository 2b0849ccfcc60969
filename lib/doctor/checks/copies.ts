import { posix } from 'node:path'
import { matchSource } from '../dockerfile/files.ts'
import type { StageState } from '../dockerfile/stage-state.ts'
import { closest } from '../closest.ts'
import { finding, type Finding } from '../finding.ts'
import { checkInstruction } from './instructions.ts'
import type { Project } from '../project.ts'

const file = 'Dockerfile'

/** Official images that `COPY --from` may name without a tag. */
const images =
  /^(?:alpine|busybox|caddy|composer|debian|docker|elixir|erlang|golang|gradle|haproxy|httpd|mariadb|maven|memcached|mongo|mysql|nginx|node|openjdk|perl|php|postgres|python|redis|ruby|rust|swift|traefik|ubuntu|scratch)$/

/** What is copied is there, in the folder or in an earlier stage. */
export function checkCopies(project: Project): Finding[] {
  return project.stages.flatMap((state, index) => {
    const own = new Set(state.stage.instructions)
    const copied = state.copies
      .filter(({ instruction }) => own.has(instruction) && checkInstruction(instruction).length === 0)
      .flatMap((copy) => {
        const { from, sources, instruction } = copy
        if (from !== undefined) return checkStage(from, instruction.line, index, project.stages)
        return instruction.hasHeredoc
          ? []
          : sources.flatMap((source) => checkSource(source, instruction.keyword, instruction.line, project))
      })
    return [...checkBase(state, index, project.stages), ...copied]
  })
}

/** An image that nobody knows, and whose name is nearly that of a stage. */
function checkBase({ baseName, stage }: StageState, index: number, stages: readonly StageState[]): Finding[] {
  const names = stages.slice(0, index).flatMap((each) => each.stage.name ?? [])
  const isPlain =
    /^[\w-]+$/.test(baseName) && !images.test(baseName) && !names.includes(baseName.toLowerCase())
  if (!isPlain || closest(baseName, names) === undefined) return []
  const values = { instruction: `FROM ${baseName}`, name: baseName }
  return [finding('stage-unknown', { file, line: stage.line }, values, 'warning')]
}

function checkStage(name: string, line: number, index: number, stages: readonly StageState[]): Finding[] {
  const isEarlier = stages
    .slice(0, index)
    .some(({ stage }, number) => stage.name === name.toLowerCase() || String(number) === name)
  if (isEarlier || /[./:$@]/.test(name) || images.test(name)) return []
  return [finding('stage-unknown', { file, line }, { instruction: `COPY --from=${name}`, name })]
}

function checkSource(source: string, keyword: string, line: number, project: Project): Finding[] {
  if (/^(?:https?|git):|^git@|\$/.test(source)) return []
  const place = { file, line }
  const path = posix.normalize(source.replace(/^\/+/, ''))
  if (path.startsWith('..')) return [finding('copy-source-outside', place, { keyword, source })]
  // A pattern that fits nothing copies nothing, and is no mistake for BuildKit.
  if (/[*?[]/.test(source) || matchSource(source, project).length > 0) return []
  const isThere = matchSource(source, { folder: project.folder, isIgnored: () => false }).length > 0
  if (isThere) return [finding('copy-source-ignored', place, { keyword, source: path })]
  return [finding('copy-source-missing', place, { keyword, source })]
}
