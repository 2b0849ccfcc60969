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

/** Requests per second of one program beside others, all running, asked in turns. */
export async function throughput(
  where: string,
  ours: Program,
  peers: readonly Peer[],
  effort: Effort,
): Promise<Figure[]> {
  const services = await Promise.all([ours, ...peers.map(({ program }) => program)].map(startService))
  try {
    const figures: Figure[] = []
    const paths = await seedAll(services, effort.quick ? 50 : 500)
    for (const kind of kinds) {
      const [own = [], ...others] = await inTurns(
        effort.quick ? 1 : 5,
        services.map((service, index) => async () => rate(kind, service, paths[index] ?? [], effort)),
      )
      for (const [index, { name, targets }] of peers.entries()) {
        const target = kind === 'POST /tasks' ? targets.write : targets.read
        figures.push(compared(`${where}: ${kind}, ${name}`, 'req/s', [own, others[index] ?? []], target))
      }
    }
    return figures
  } finally {
    await Promise.all(services.map(async (service) => service.stop()))
  }
}

/** One after the other: where they share a database, the tables too come from the first. */
async function seedAll(services: readonly Service[], count: number): Promise<string[][]> {
  const paths: string[][] = []
  for (const { url } of services) paths.push(await seed(url, count))
  return paths
}

async function rate(
  kind: (typeof kinds)[number],
  { url }: Service,
  taskPaths: readonly string[],
  { quick }: Effort,
): Promise<number> {
  const extent = quick ? { amount: 100 } : { seconds: 2 }
  const what = {
    'GET /tasks': {},
    'GET /tasks/:id': { paths: taskPaths },
    'POST /tasks': { body: newTask },
  }[kind]
  const { requestsPerSecond } = await runLoad({ url, ...extent, ...what })
  return requestsPerSecond
}
