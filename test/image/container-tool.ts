import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** How a container is run. It shares the machine's network. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Paths of the container that become root's, with all below them, and unwritable for others. */
  readonly locked?: readonly string[]
  /** Directories or files of the machine over paths of the container. */
  readonly mounts?: Readonly<Record<string, string>>
}

/** A container's main process. */
export interface MainProcess {
  readonly uid: number
  signal(name: 'SIGTERM'): void
}

/** A program that builds images and runs containers. */
export interface ContainerTool {
  readonly name: string
  build(directory: string, tag: string): void
  megabytes(tag: string): number
  /** Runs the image's own command, in the foreground of the child process that is returned. */
  run(tag: string, options: RunOptions): { child: ChildProcess; main(): MainProcess }
  /** Runs another command to its end and returns what it prints. */
  print(tag: string, command: readonly string[]): string
}

const stdio = ['ignore', 'pipe', 'pipe'] as const
const million = 1e6

/** A Docker engine where one answers, else the tool that `IMAGE_TOOL` names, else nothing. */
export function findContainerTool(root: string): ContainerTool | undefined {
  const engine = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'ignore' })
  if (engine.status === 0) return docker
  const path = resolve(root, process.env['IMAGE_TOOL'] || '../shared/tools/image')
  return existsSync(path) && process.getuid?.() === 0 ? standIn(path) : undefined
}

const docker: ContainerTool = {
  name: 'docker',
  build: (directory, tag) =>
    void execFileSync('docker', ['build', '--tag', tag, directory], { stdio: 'inherit' }),
  megabytes: (tag) => {
    const size = ['image', 'inspect', '--format', '{{.Size}}', tag]
    if (spawnSync('docker', size).status !== 0) execFileSync('docker', ['pull', '--quiet', tag])
    return Number(execFileSync('docker', size)) / million
  },
  print: (tag, command) =>
    execFileSync('docker', ['run', '--rm', '--network', 'host', tag, ...command], { encoding: 'utf8' }),
  run(tag, { env = {}, locked = [], mounts = {} }) {
    const name = `failsoft-${randomUUID()}`
    const image = locked.length === 0 ? tag : lockedImage(tag, locked)
    const flags = [
      ...Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
      ...Object.entries(mounts).flatMap(([from, to]) => ['--volume', `${from}:${to}`]),
    ]
    const child = spawn('docker', ['run', '--rm', '--network', 'host', '--name', name, ...flags, image], {
      stdio: [...stdio],
    })
    const main = () => ({
      uid: Number(execFileSync('docker', ['exec', name, 'id', '--user'])),
      signal: (signal: string) => void execFileSync('docker', ['kill', '--signal', signal, name]),
    })
    return { child, main }
  },
}

function lockedImage(tag: string, paths: readonly string[]): string {
  const list = paths.join(' ')
  const lines = [
    `FROM ${tag}`,
    'USER root',
    `RUN mkdir -p ${list} && chown -R root:root ${list} && chmod -R go-w ${list} && chmod -t ${list}`,
    'USER 1000:1000',
  ]
  return execFileSync('docker', ['build', '--quiet', '-'], {
    input: lines.join('\n'),
    encoding: 'utf8',
  }).trim()
}

/** A program with `build DIR TAG`, `run TAG [-e K=V]… [-v FROM:TO]… [-r PATH]… [-- CMD…]` and `size TAG`. */
function standIn(path: string): ContainerTool {
  return {
    name: path,
    build: (directory, tag) => void execFileSync(path, ['build', directory, tag], { stdio: 'inherit' }),
    megabytes: (tag) => parseFloat(execFileSync(path, ['size', tag], { encoding: 'utf8' }).split('\n')[1]!),
    print: (tag, command) => execFileSync(path, ['run', tag, '--', ...command], { encoding: 'utf8' }),
    run(tag, { env = {}, locked = [], mounts = {} }) {
      const flags = [
        ...Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]),
        ...Object.entries(mounts).flatMap(([from, to]) => ['-v', `${from}:${to}`]),
        ...locked.flatMap((each) => ['-r', each]),
      ]
      const child = spawn(path, ['run', tag, ...flags], { stdio: [...stdio] })
      return { child, main: () => innermost(child.pid!) }
    },
  }
}

/** The process below all wrappers. */
function innermost(pid: number): MainProcess {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readStatus)
  let current = pid
  for (;;) {
    const child = processes.find(({ parent }) => parent === current)
    if (!child) break
    current = child.pid
  }
  const { uid } = processes.find((each) => each.pid === current)!
  return { uid, signal: (name) => void process.kill(current, name) }
}

function readStatus(name: string): { pid: number; parent: number; uid: number }[] {
  try {
    const text = readFileSync(`/proc/${name}/status`, 'utf8')
    const field = (label: string) => Number(new RegExp(`^${label}:\\s+(\\d+)`, 'm').exec(text)![1])
    return [{ pid: Number(name), parent: field('PPid'), uid: field('Uid') }]
  } catch {
    // It ended between the two looks.
    return []
  }
}
