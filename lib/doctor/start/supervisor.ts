import type { Environment } from '../environment.ts'

/** A program that supervisord starts. */
export interface SupervisedProgram {
  /** Nothing where a part of it is not known. */
  readonly command: string | undefined
  readonly line: number
  /** The folder that it is started in; nothing for that of supervisord. */
  readonly directory: string | undefined
  /** Adds the variables that it is given. */
  assign(environment: Environment): Environment
}

/**
 * Reads the programs of a `supervisord.conf`.
 *
 * @returns the programs, and whether there are no others, as from files that it includes.
 */
export function readSupervisorConfig(
  text: string,
  environment: Environment,
): { programs: readonly SupervisedProgram[]; isComplete: boolean } {
  const sections = readSections(text)
  const programs = [...sections]
    .filter(([name, keys]) => name.startsWith('program:') && keys.get('autostart')?.value !== 'false')
    .flatMap(([, keys]) => {
      const command = keys.get('command')
      const variables = keys.get('environment')?.value ?? ''
      const assign = (known: Environment): Environment => assignAll(variables, known)
      if (!command) return []
      const directory = keys.get('directory')?.value
      return [{ command: expand(command.value, environment), line: command.line, directory, assign }]
    })
  return { programs, isComplete: !sections.has('include') }
}

type Section = Map<string, { readonly value: string; readonly line: number }>

function readSections(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Section>()
  let current: Section = new Map()
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/^\s*[;#].*|\s;.*$/, '')
    const section = /^\[(.+)\]\s*$/.exec(line)?.[1]
    const [, key, value] = /^(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (section !== undefined) sections.set(section, (current = new Map()))
    else if (key !== undefined) current.set(key, { value: value!, line: index + 1 })
  }
  return sections
}

/** `%(ENV_PORT)s` */
function expand(command: string, environment: Environment): string | undefined {
  let isKnown = true
  const text = command.replaceAll(/%\((?:ENV_)?(\w+)\)s/g, (all, name: string) => {
    const value = all.startsWith('%(ENV_') ? environment.get(name) : undefined
    isKnown &&= typeof value === 'string'
    return value ?? ''
  })
  return isKnown ? text : undefined
}

/** `PORT="7860",HOST=0.0.0.0` */
function assignAll(text: string, environment: Environment): Environment {
  return [...text.matchAll(/(\w+)=(?:"([^"]*)"|'([^']*)'|([^,]*))/g)].reduce((known, [, name, ...values]) => {
    const value = values.find((each) => each !== undefined)!.trim()
    return known.with(name!, value.includes('%') ? undefined : value)
  }, environment)
}
