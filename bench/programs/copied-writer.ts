import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { openDatabase, type OpenOptions } from 'failsoft/knex'

/** What the program is asked: writes at fixed times, or, without `perSecond`, as many as it can. */
export interface Ask {
  readonly seconds: number
  readonly perSecond?: number
}

/** What came of it. */
export interface Answer {
  /** From the moment at which each write was due to its end, in milliseconds. */
  readonly tookMs: readonly number[]
  /** The longest time for which the event loop was held, in milliseconds. */
  readonly heldMs: number
  /** Of the processor for one write, on all threads, in microseconds. */
  readonly processorUs: number
}

const [url = '', replica = '', driver = '', megabytes = '0'] = process.argv.slice(2)
const opened = performance.now()
const database = openDatabase({
  url,
  sqliteDriver: driver as NonNullable<OpenOptions['sqliteDriver']>,
  env: { ...process.env, ...(replica !== '' && { SQLITE_REPLICA: replica }) },
  log: () => {},
  async prepare(knex) {
    if (await knex.schema.hasTable('rows')) return
    await knex.raw('create table rows (n integer primary key, body text)')
    await knex.raw('create table filler (body blob)')
    await knex.raw(
      'insert into filler with recursive n (i) as (select 1 union all select i + 1 from n where i < ?) select randomblob(1000000) from n where ? > 0',
      [Number(megabytes), Number(megabytes)],
    )
  },
})
// A busy machine may take longer than a boot may.
while ((await database.connect()).status !== 'connected') await sleep(50)
const { knex } = database
const body = 'x'.repeat(100)
const epochNow = (): number => performance.timeOrigin + performance.now()

async function write(due: number, tookMs: number[]): Promise<void> {
  await knex('rows').insert({ body })
  tookMs.push(epochNow() - due)
}

async function writeAtFixedTimes(perSecond: number, seconds: number, tookMs: number[]): Promise<void> {
  const workerData = { perSecond, seconds }
  const ticker = new Worker(new URL('./ticker.js', import.meta.url), { workerData })
  const writes: Promise<void>[] = []
  ticker.on('message', (due: number) => writes.push(write(due, tookMs)))
  await new Promise((resolve, reject) => ticker.once('exit', resolve).once('error', reject))
  await Promise.all(writes)
}

async function writeAll(seconds: number, tookMs: number[]): Promise<void> {
  const end = epochNow() + seconds * 1000
  const inTurn = async (): Promise<void> => {
    while (epochNow() < end) await write(epochNow(), tookMs)
  }
  await Promise.all(Array.from({ length: 8 }, inTurn))
}

async function answer({ seconds, perSecond }: Ask): Promise<Answer> {
  const tookMs: number[] = []
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const before = process.cpuUsage()
  await (perSecond === undefined ? writeAll(seconds, tookMs) : writeAtFixedTimes(perSecond, seconds, tookMs))
  delay.disable()
  const { user, system } = process.cpuUsage(before)
  return { tookMs, heldMs: delay.max / 1e6, processorUs: (user + system) / tookMs.length }
}

function copy() {
  return 'replica' in database.state ? database.state.replica : undefined
}

process.on('message', (ask: Ask | 'shipped') => {
  void (ask === 'shipped' ? untilShipped() : answer(ask)).then((result) => process.send?.(result))
})
process.on('SIGTERM', () => void database.close().then(() => process.exit(0)))
process.on('disconnect', () => process.exit(0))
process.send?.(performance.now() - opened)

async function untilShipped(): Promise<number> {
  const asked = performance.now()
  for (const now = Date.now(); copy() && copy()!.shippedAt < now;) await sleep(20)
  return performance.now() - asked
}
