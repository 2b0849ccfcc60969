import { posix } from 'node:path'
import { parser } from '@lezer/python'
import { evaluatePython, readConstants } from '../source/python-values.ts'
import { childrenOf } from '../source/syntax.ts'
import type { Environment, Known } from '../environment.ts'
import { changes } from './changes.ts'
import {
  listening,
  splitAddress,
  type Answer,
  type Container,
  type ContainerFiles,
  type Process,
} from './listening.ts'
import { findAllFlags, findFlag } from '../shell/flags.ts'

/** Gunicorn: the command line, GUNICORN_CMD_ARGS, the configuration file, PORT. */
export function readGunicorn(
  args: readonly (string | undefined)[],
  process: Process,
  files: Container,
): Answer {
  const { environment, place } = process
  const extra = environment.get('GUNICORN_CMD_ARGS')
  const more = typeof extra === 'string' ? extra.split(/\s+/).filter(Boolean) : []
  const binds = findAllFlags(args, ['-b', '--bind'])
  const bound = binds.length > 0 ? binds : findAllFlags(more, ['-b', '--bind'])
  if (bound.length > 0)
    return bound.every((each) => each !== null && splitAddress(each) !== undefined)
      ? bound.map((each) => at(each!))
      : 'unknown'
  if (args.includes(undefined) || extra === undefined) return 'unknown'
  const file = findFlag(args, ['-c', '--config']) ?? findFlag(more, ['-c', '--config'])
  if (file === null) return 'unknown'
  const configured = readConfig(file ?? './gunicorn.conf.py', process, files)
  if (configured === undefined || (file !== undefined && configured === null && !found(file, process, files)))
    return 'unknown'
  if (configured === null && changes(files, /gunicorn\.conf\.py/)) return 'unknown'
  if (configured !== null) return splitAddress(configured) ? [at(configured)] : 'unknown'
  const port = environment.get('PORT')
  if (port === undefined) return 'unknown'
  return [
    port ? listening('gunicorn', port, '0.0.0.0', place) : listening('gunicorn', '8000', '127.0.0.1', place),
  ]

  function at(text: string): ReturnType<typeof listening> {
    const { host, port: written } = splitAddress(text)!
    return listening('gunicorn', written ?? '8000', host || '0.0.0.0', place)
  }
}

function found(name: string, { workingDirectory }: Process, files: ContainerFiles): boolean {
  return (
    workingDirectory !== undefined &&
    files.locate(posix.resolve(workingDirectory, name.replace(/^(?:file|python):/, ''))) !== undefined
  )
}

/** The `bind` of a configuration file: `null` where it has none, nothing where it cannot be known. */
function readConfig(name: string, { workingDirectory, environment }: Process, files: ContainerFiles): Known {
  if (workingDirectory === undefined || name.startsWith('python:')) return undefined
  const path = files.locate(posix.resolve(workingDirectory, name.replace(/^file:/, '')))
  if (path === undefined) return null
  return readAssignment(files.folder.text(path), 'bind', environment)
}

/** The value that a module gives a name: `null` where it gives it none. */
function readAssignment(text: string, name: string, environment: Environment): Known {
  const tree = parser.parse(text).topNode
  if (!new RegExp(`^\\s*${name}\\s*=`, 'm').test(text)) return null
  const constants = readConstants(tree, text)
  const node = constants.get(name)
  if (!node) return undefined
  const scope = { text, tree, environment, constants }
  if (node.name !== 'ArrayExpression') return evaluatePython(node, scope)
  const items = childrenOf(node).filter((each) => !/^[[\],]$/.test(each.name))
  return items.length === 1 ? evaluatePython(items[0]!, scope) : undefined
}
