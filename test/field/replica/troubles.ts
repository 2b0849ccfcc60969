import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BucketProxy } from '../../servers/bucket-proxy.js'
import { SmallS3 } from '../../servers/small-s3.js'

/** A replica that can be brought into trouble, and out of it. */
export interface TroubledTarget {
  readonly url: string
  begin(): Promise<void>
  end(): Promise<void>
  remove(): Promise<void>
}

/** A kind of trouble. */
export interface Trouble {
  readonly name: string
  /** Why it cannot be made here, if so. */
  readonly skip: string | false
  /** Whether it goes on to take what it is given, only later. */
  readonly isSlow?: boolean
  make(folder: string): Promise<TroubledTarget>
}

const isRoot = process.getuid?.() === 0
const noMounts = !isRoot && 'only root mounts'
const noBindfs = spawnSync('bindfs', ['--version']).error !== undefined && 'bindfs is not installed'

export const troubles: readonly Trouble[] = [
  { name: 'a directory that goes away', skip: false, make: async (folder) => leavingDirectory(folder) },
  { name: 'a disk that is full', skip: noMounts, make: async (folder) => fullDisk(folder) },
  {
    name: 'a mount whose program dies',
    skip: noMounts || noBindfs,
    make: (folder) => mount(folder, async (mounted) => mounted.die()),
  },
  {
    name: 'a mount that is slow',
    skip: noMounts || noBindfs,
    isSlow: true,
    make: (folder) => mount(folder, (mounted) => mounted.start('--write-rate=8k')),
  },
  {
    name: 'a bucket that fails',
    skip: false,
    make: () => bucket(async (proxy) => void (proxy.before = () => 503)),
  },
  {
    name: 'a bucket that is slow',
    skip: false,
    isSlow: true,
    make: () => bucket(async (proxy) => void (proxy.before = () => sleep(2500, 'pass' as const))),
  },
  { name: 'a bucket that is gone', skip: false, make: () => bucket((proxy) => proxy.stop()) },
]

function leavingDirectory(folder: string): TroubledTarget {
  const volume = join(folder, 'volume')
  mkdirSync(volume)
  return {
    url: `file://${volume}/replica`,
    begin: async () => renameSync(volume, `${volume}.away`),
    end: async () => renameSync(`${volume}.away`, volume),
    remove: async () => {},
  }
}

function fullDisk(folder: string): TroubledTarget {
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', disk])
  const filler = join(disk, 'filler')
  return {
    url: `file://${disk}/replica`,
    begin: async () => {
      // To its last byte: what is there can still be written over.
      const fill = `head -c 48m /dev/zero > ${filler}; head -c 1m /dev/zero >> ${filler}`
      spawnSync('sh', ['-c', fill], { stdio: 'ignore' })
    },
    end: async () => rmSync(filler),
    remove: async () => void execFileSync('umount', ['--lazy', disk]),
  }
}

/** A mount that passes all on to a directory behind it, by a program of its own. */
class Mount {
  readonly #behind: string
  readonly #at: string
  #program: ChildProcess | undefined

  constructor(behind: string, at: string) {
    this.#behind = behind
    this.#at = at
  }

  async start(...options: readonly string[]): Promise<void> {
    this.#leave()
    const program = spawn('bindfs', ['-f', ...options, this.#behind, this.#at], { stdio: 'ignore' })
    this.#program = program
    while (program.exitCode === null && !this.#isMounted) await sleep(20)
  }

  /** As it is left when its program has crashed: whoever looks there is told that nobody answers. */
  die(): void {
    this.#program?.kill('SIGKILL')
  }

  stop(): void {
    this.#leave()
    this.#program?.kill('SIGKILL')
  }

  #leave(): void {
    spawnSync('umount', ['--lazy', this.#at], { stdio: 'ignore' })
  }

  get #isMounted(): boolean {
    return spawnSync('mountpoint', ['-q', this.#at]).status === 0
  }
}

async function mount(folder: string, begin: (mounted: Mount) => Promise<void>): Promise<TroubledTarget> {
  const [behind, at] = [join(folder, 'behind'), join(folder, 'mount')]
  for (const path of [behind, at]) mkdirSync(path)
  const mounted = new Mount(behind, at)
  await mounted.start()
  return {
    url: `file://${at}/replica`,
    begin: () => begin(mounted),
    end: () => mounted.start(),
    remove: async () => mounted.stop(),
  }
}

async function bucket(begin: (proxy: BucketProxy) => Promise<void>): Promise<TroubledTarget> {
  const server = new SmallS3()
  server.pageLength = 1000
  await server.start()
  let proxy = await new BucketProxy(server.endpoint).start()
  const { port } = proxy
  return {
    url: `s3://bucket/x?endpoint=http://127.0.0.1:${port}`,
    begin: () => begin(proxy),
    end: async () => {
      await proxy.stop().catch(() => undefined)
      proxy = await new BucketProxy(server.endpoint).start(port)
    },
    remove: async () => {
      await proxy.stop().catch(() => undefined)
      server.stop()
    },
  }
}
