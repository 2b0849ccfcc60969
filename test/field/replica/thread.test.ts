import { Session } from 'node:inspector'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import type { Worker } from 'node:worker_threads'
import t from 'tap'
import {
  CopiedDatabase,
  countRows,
  reopen,
  restoredRows,
  until,
  untilShipped,
  write,
} from '../../replica/copied-database.js'

/** Has all threads beside this one run a program. */
async function runInThreads(session: Session, expression: string): Promise<void> {
  const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } })
  session.on('NodeWorker.attachedToWorker', ({ params: { sessionId } }) => {
    session.post('NodeWorker.sendMessageToWorker', { sessionId, message })
  })
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
}

const faults = [
  { name: 'hangs', program: 'for (;;);' },
  {
    name: 'has no memory left',
    program: 'globalThis.all = []; for (;;) all.push(new Array(100000).fill(all.length))',
  },
]

for (const { name, program } of faults) {
  void t.test(`the thread that copies ${name}`, { timeout: 300_000 }, async (t) => {
    // As much as each thread gets that begins from now on, in megabytes.
    setFlagsFromString('--max-old-space-size=200')
    t.teardown(() => setFlagsFromString('--max-old-space-size=0'))
    const place = new CopiedDatabase()
    await using database = place.open()
    void database.connect()
    await database.ready()
    await write(database, 3)
    const { replica: before } = await untilShipped(database)
    const session = new Session()
    session.connect()
    await runInThreads(session, program)
    await until(database, ({ replica }) => replica!.behindMs > 1000 || replica!.problem !== undefined)
    session.disconnect()
    await write(database, 3)
    await until(database, () => database.health().status === 'warn')
    t.match(database.state, { status: 'connected', readOnly: false })
    const { replica: after } = await untilShipped(database)
    t.equal(after?.problem, undefined, 'another one goes on')
    t.not(after?.generation, before?.generation)
    t.equal(database.health().status, 'pass')
    await database.close()
    place.wipe()
    await using again = place.open()
    void again.connect()
    await again.ready()
    t.equal(await countRows(again), 6)
  })
}

void t.test('a program ends although its thread hangs', { timeout: 120_000 }, async (t) => {
  const place = new CopiedDatabase()
  const said: string[] = []
  const database = place.open({ log: ({ message }) => said.push(message) })
  void database.connect()
  await database.ready()
  await write(database, 3)
  await untilShipped(database)
  const session = new Session()
  session.connect()
  await runInThreads(session, 'for (;;);')
  await until(database, ({ replica }) => replica!.behindMs > 1000)
  await write(database, 1)
  await database.close({ timeoutMs: 1000 })
  session.disconnect()
  t.match(said.join(), /The last rows of the SQLite file are not in its replica/)
  const again = await reopen(place)
  t.match(again.state, { readOnly: false })
  t.equal(await countRows(again), 4, 'its rows are in the file')
  await untilShipped(again)
  await again.close()
  t.equal(await restoredRows(place), 4, 'and in the replica, once it is opened again')
})

const threads: Worker[] = []
process.on('worker', (worker) => threads.push(worker))

void t.test('the thread ends while nobody else has the file open', { timeout: 240_000 }, async (t) => {
  const place = new CopiedDatabase()
  await using database = place.open()
  void database.connect()
  await database.ready()
  await write(database, 3)
  await untilShipped(database)
  // So long nobody asked it anything that its connections were closed.
  await sleep(65_000)
  await threads.at(-1)!.terminate()
  await until(database, ({ replica }) => replica?.problem !== undefined)
  await untilShipped(database)
  t.match(database.state, { status: 'connected', readOnly: false })
  await write(database, 1)
  await database.close()
  place.wipe()
  await using again = place.open()
  void again.connect()
  await again.ready()
  t.equal(await countRows(again), 4)
})
