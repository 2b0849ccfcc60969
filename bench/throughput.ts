import { compared, type Figure, type Target } from './figure.ts'
import { newTask, runLoad, seed } from './load.ts'
import { inTurns, type Effort } from './part.ts'
import { startService, type Program, type Service } from './service.ts'

/** A program that ours is measured beside, and what ours has to reach. */
export interface Peer {
  readonly name: string
  readonly program: Program
  readonly targets: { readonly read?: Target; readonly write?: Target }
}

const kinds = ['GET /tasks', 'GET /tasks/:id', 'POST /tasks'] as const

/** What the rounds of each program came to, by what was asked. */
type Rounds = Readonly<Record<Kind, Taken[]>>

/**
 * Requests per second, and processor time a request, of one program beside others, all running, asked in turns. All are started several
 * times: one program, started twice, can differ by a third, as it happens to be compiled.
 */
export async function throughput(
  where: string,
  ours: Program,
  peers: readonly Peer[],
  effort: Effort,
): Promise<Figure[]> {
  const programs = [ours, ...peers.map(({ program }) => program)]
  const taken = programs.map((): Rounds => ({ 'GET /tasks': [], 'GET /tasks/:id': [], 'POST /tasks': [] }))
  for (let start = 0; start < (effort.quick ? 1 : 3); start++) await measureStarted(programs, taken, effort)
  const [own, ...others] = taken as [Rounds, ...Rounds[]]
  return kinds.flatMap((kind) =>
    peers.flatMap(({ name, targets }, index) => {
      const pick = (what: keyof Taken) =>
        [pluck(own[kind], what), pluck(others[index]?.[kind], what)] as const
      const target = kind === 'POST /tasks' ? targets.write : targets.read
      return [
        compared(`${where}: ${kind}, ${name}`, 'req/s', pick('requestsPerSecond'), target),
        compared(`${where}: ${kind}, ${name}: processor time`, 'µs', pick('cpuUs')),
      ]
    }),
  )
}

async function measureStarted(
  programs: readonly Program[],
  taken: readonly Rounds[],
  effort: Effort,
): Promise<void> {
  const services = await Promise.all(programs.map(startService))
  try {
    const paths = await seedAll(services, effort.quick ? 50 : 500)
    for (const kind of kinds) await measureAll(kind, services, paths, taken, effort)
  } finally {
    await Promise.all(services.map(async (service) => service.stop()))
  }
}

/** What one round of one program came to. */
interface Taken {
  readonly requestsPerSecond: number
  /** Processor time a request, in microseconds. */
  readonly cpuUs: number
}

type Kind = (typeof kinds)[number]

function pluck(taken: readonly Taken[] | undefined, what: keyof Taken): number[] {
  return (taken ?? []).map((round) => round[what])
}

async function measureAll(
  kind: Kind,
  services: readonly Service[],
  paths: readonly string[][],
  taken: readonly Rounds[],
  effort: Effort,
): Promise<void> {
  const measureOne = async (service: Service, index: number) => {
    const round = await measure(kind, service, paths[index] ?? [], effort)
    taken[index]?.[kind].push(round)
    return round.requestsPerSecond
  }
  await inTurns(
    effort.quick ? 1 : 3,
    services.map((service, index) => async () => measureOne(service, index)),
  )
}

/** One after the other: where they share a database, the tables too come from the first. */
async function seedAll(services: readonly Service[], count: number): Promise<string[][]> {
  const paths: string[][] = []
  for (const { url } of services) paths.push(await seed(url, count))
  return paths
}

async function measure(
  kind: Kind,
  { url, cpuMs }: Service,
  taskPaths: readonly string[],
  { quick }: Effort,
): Promise<Taken> {
  const extent = quick ? { amount: 100 } : { seconds: 2 }
  const what = {
    'GET /tasks': {},
    'GET /tasks/:id': { paths: taskPaths },
    'POST /tasks': { body: newTask },
  }[kind]
  const before = cpuMs()
  const { requestsPerSecond, requests } = await runLoad({ url, ...extent, ...what })
  return { requestsPerSecond, cpuUs: ((cpuMs() - before) * 1000) / requests }
}
