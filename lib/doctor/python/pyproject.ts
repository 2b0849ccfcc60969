import type { Folder } from '../folder.ts'
import { readToml } from '../toml.ts'
import { parseRequirement, type Requirement, type Requirements } from './requirements.ts'

type Table = Readonly<Record<string, unknown>>

/**
 * Reads what a pyproject.toml asks for, its extras and groups too, and what uv.lock or poetry.lock beside it hold.
 *
 * @returns nothing where it names none that can be read.
 */
export function readPyproject(file: string, folder: Folder): Requirements | undefined {
  const data = readToml(folder.text(file))
  const project = tableOf(data?.['project'])
  const poetry = tableOf(tableOf(data?.['tool'])['poetry'])
  const isPlain = Array.isArray(project['dependencies'])
  if (!isPlain && !poetry['dependencies']) return undefined
  const written = [
    ...listOf(project['dependencies']),
    ...Object.values(tableOf(project['optional-dependencies'])).flatMap(listOf),
    ...Object.values(tableOf(data?.['dependency-groups'])).flatMap(listOf),
    ...namesIn(poetry),
    ...lockedBeside(file, folder),
  ]
  const dynamic = project['dynamic']
  return {
    file,
    encoding: 'UTF-8',
    packages: written.flatMap((each): Requirement[] => parseRequirement(each.trim(), 1)),
    isOpen: Array.isArray(dynamic) && dynamic.includes('dependencies'),
    needsGit: written.some((each) => each.includes('git+')),
  }
}

function tableOf(value: unknown): Table {
  return typeof value === 'object' && value !== null ? (value as Table) : {}
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}

/** `[tool.poetry.dependencies]` and its groups: `fastapi = { version = "*", extras = ["standard"] }` */
function namesIn(poetry: Table): string[] {
  const groups = Object.values(tableOf(poetry['group'])).map((group) => tableOf(group)['dependencies'])
  return [poetry['dependencies'], poetry['dev-dependencies'], ...groups].flatMap((each) =>
    Object.entries(tableOf(each))
      .filter(([name]) => name !== 'python')
      .map(([name, value]) => `${name}[${listOf(tableOf(value)['extras']).join(',')}]`),
  )
}

function lockedBeside(file: string, { text }: Folder): string[] {
  const top = file.slice(0, file.lastIndexOf('/') + 1)
  const texts = ['uv.lock', 'poetry.lock', 'pdm.lock'].map((name) => text(top + name))
  return texts.flatMap((each) =>
    [...each.matchAll(/^\[\[package\]\]\r?\nname = "([^"]+)"/gm)].map((match) => match[1]!),
  )
}
