import { posix } from 'node:path'
import type { Environment } from '../environment.ts'

/** A command without what only starts it. */
export interface Unwrapped {
  readonly words: readonly (string | undefined)[]
  /** Adds the variables that are set on the way. */
  assign(environment: Environment): Environment
}

/** Programs that start the rest of their words: how many operands come before, and which flags take a value. */
const wrappers: Readonly<
  Record<
    string,
    { readonly operands?: number; readonly valued?: readonly string[]; readonly command?: readonly string[] }
  >
> = {
  exec: { valued: ['-a'] },
  tini: { valued: ['-p', '-e'] },
  'dumb-init': {},
  nohup: {},
  time: {},
  command: {},
  nice: { valued: ['-n'] },
  stdbuf: { valued: ['-i', '-o', '-e'] },
  sudo: { valued: ['-u', '-g'] },
  gosu: { operands: 1 },
  'su-exec': { operands: 1 },
  timeout: { operands: 1, valued: ['-s', '-k'] },
  'xvfb-run': { valued: ['-s', '-n', '--server-args'] },
  uv: {
    command: ['run'],
    valued: [
      '--with',
      '--python',
      '-p',
      '--extra',
      '--group',
      '--env-file',
      '--directory',
      '--project',
      '--package',
    ],
  },
  poetry: { command: ['run'] },
  pipenv: { command: ['run'] },
  pdm: { command: ['run'] },
  rye: { command: ['run'] },
  uvx: { valued: ['--from', '--with'] },
  pipx: { command: ['run'] },
  conda: { command: ['run'], valued: ['-n', '--name', '-p', '--prefix', '--cwd'] },
  micromamba: { command: ['run'], valued: ['-n', '--name', '-p'] },
  npx: { valued: ['-p', '--package'] },
  npm: { command: ['exec'], valued: ['-p', '--package'] },
  pnpm: { command: ['exec', 'dlx'], valued: ['--package'] },
  yarn: { command: ['exec', 'dlx'], valued: ['-p', '--package'] },
  bundle: { command: ['exec'] },
  runuser: { valued: ['-u', '-g'] },
  bunx: {},
  'ddtrace-run': {},
  'opentelemetry-instrument': { valued: ['--traces_exporter', '--metrics_exporter', '--service_name'] },
  'docker-entrypoint.sh': {},
  'cross-env': {},
  env: {},
}

/** Takes off `exec`, `tini --`, `uv run`, `env NAME=value` and the like. */
export function unwrap(words: readonly (string | undefined)[]): Unwrapped {
  let rest = words
  const assignments: [string, string][] = []
  for (let depth = 0; depth < 8; depth += 1) {
    const program = rest[0]
    const row = program === undefined ? undefined : wrappers[posix.basename(program)]
    if (!row || !Object.hasOwn(wrappers, posix.basename(program!))) break
    if (row.command && !row.command.includes(rest[1] ?? '')) break
    let index = row.command ? 2 : 1
    let operands = row.operands ?? 0
    for (; index < rest.length; index += 1) {
      const word = rest[index]
      if (word === '--') {
        index += 1
        break
      }
      const [, name, value] = /^(\w+)=([^]*)$/.exec(word ?? '') ?? []
      if (word?.startsWith('-')) index += row.valued?.includes(word) ? 1 : 0
      else if (name !== undefined && /^(?:env|cross-env)$/.test(posix.basename(program!)))
        assignments.push([name, value!])
      else if (operands > 0) operands -= 1
      else break
    }
    if (index >= rest.length) break
    rest = asProgram(posix.basename(program!), rest.slice(index))
  }
  return {
    words: rest,
    assign: (environment) =>
      assignments.reduce((known, [name, value]) => known.with(name, value), environment),
  }
}

/** `npx serve@14` starts serve; `uv run app.py` starts Python. */
function asProgram(
  wrapper: string,
  [program, ...args]: readonly (string | undefined)[],
): readonly (string | undefined)[] {
  if (wrapper === 'uv' && program?.endsWith('.py')) return ['python', program, ...args]
  const isFetched = /^(?:npx|bunx|uvx|npm|pnpm|yarn)$/.test(wrapper)
  return [isFetched ? program?.replace(/(?<=.)@[^/]+$/, '') : program, ...args]
}
