import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { SmallS3 } from '#test/servers/small-s3.js'
import { alone, compared, skipped, type Figure } from '../figure.ts'
import { median, percentile } from '../median.ts'
import { inTurns, type Effort, type Part } from '../part.ts'
import type { Answer } from '../programs/copied-writer.ts'
import { CopiedWriter, type Place } from '../replica/copied-writer.ts'
import { temporaryDirectory } from '../service.ts'

/** What a replica costs who writes: a program with one beside a program without, both running, asked in turns. */
export const replicaPart: Part = {
  title: 'a SQLite file with a replica beside one without',
  async measure(effort) {
    const s3 = new SmallS3()
    await s3.start()
    try {
      const figures: Figure[] = []
      for (const subject of subjects(s3)) figures.push(...(await cost(subject, effort)))
      for (const driver of drivers) figures.push(await saturation(driver, effort))
      return [...figures, ...(await largeFile(effort))]
    } finally {
      s3.stop()
    }
  },
}

const drivers = ['better-sqlite3', 'sqlite3'] as const
const perSecond = 300
/** The event loop is never held for longer, in milliseconds. */
const mostHeld = { most: 50 }

interface Subject {
  readonly name: string
  readonly place: Place
  readonly copied: Place
}

function subjects(s3: SmallS3): Subject[] {
  const bucket = {
    replica: `s3://bucket/app?endpoint=${s3.endpoint}`,
    env: { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' },
  }
  const all = drivers.flatMap((driver) =>
    (['normal', 'full'] as const).map((synchronous): Subject => {
      const place = { driver, synchronous, megabytes: 16 }
      return {
        name: `${driver}, synchronous=${synchronous}, to a directory`,
        place,
        copied: { ...place, replica: directory() },
      }
    }),
  )
  const place = { driver: 'better-sqlite3', megabytes: 16 }
  return [...all, { name: 'better-sqlite3, to a bucket', place, copied: { ...place, ...bucket } }]
}

function directory(): string {
  return `file://${join(temporaryDirectory(), 'replica')}`
}

/** Writes at fixed times, so that waiting counts. */
async function cost({ name, place, copied }: Subject, { quick }: Effort): Promise<Figure[]> {
  const seconds = quick ? 0.5 : 3
  return await withBoth(copied, place, async (...writers) => {
    const answers: [Answer[], Answer[]] = [[], []]
    const ask = (index: 0 | 1) => async () =>
      answers[index].push(await writers[index].write({ seconds, perSecond }))
    await inTurns(quick ? 1 : 15, [ask(0), ask(1)])
    const both = <T>(read: (one: Answer[]) => T): [T, T] => [read(answers[0]), read(answers[1])]
    const p99 = (all: readonly Answer[]): number =>
      percentile(
        all.flatMap(({ tookMs }) => tookMs),
        99,
      )
    const [held, heldBesides] = both((all) => Math.max(...all.map(({ heldMs }) => heldMs)))
    if (median(answers[1].map(({ tookMs }) => median(tookMs))) > 100)
      return [skipped(name, `without a replica too, this disk takes less than ${perSecond} writes a second`)]
    return [
      compared(
        `${name}: p99 of a write`,
        'ms',
        both((all) => all.map((one) => p99([one]))),
        { most: 1.1 },
      ),
      compared(
        `${name}: p99 of all rounds together`,
        'ms',
        both((all) => [p99(all)]),
      ),
      compared(
        `${name}: processor time of a write`,
        'µs',
        both((all) => all.map((one) => one.processorUs)),
      ),
      { ...alone(`${name}: the event loop is held`, 'ms', [held], mostHeld), peer: heldBesides },
    ]
  })
}

async function saturation(driver: string, { quick }: Effort): Promise<Figure> {
  const ask = (writer: CopiedWriter) => async () => {
    const seconds = quick ? 0.3 : 2
    return (await writer.write({ seconds })).tookMs.length / seconds
  }
  return await withBoth({ driver, replica: directory() }, { driver }, async (ours, peer) => {
    const rates = await inTurns(quick ? 1 : 3, [ask(ours), ask(peer)])
    return compared(`${driver}: writes a second, as many as can be`, '/s', rates as [number[], number[]])
  })
}

/** A copy of the whole file while rows are written, and the way back. */
async function largeFile({ quick }: Effort): Promise<Figure[]> {
  const megabytes = quick ? 4 : 100
  const place = { driver: 'better-sqlite3', megabytes, folder: temporaryDirectory() }
  const [bare] = await CopiedWriter.start(place)
  await bare.stop()
  const [again, openedMs] = await CopiedWriter.start(place)
  await again.stop()
  const copied = { ...place, replica: directory() }
  const [writer] = await CopiedWriter.start(copied)
  const { tookMs, heldMs } = await writer.write({ seconds: quick ? 0.5 : 4, perSecond })
  await writer.untilShipped()
  await writer.stop()
  rmSync(join(place.folder, 'disk'), { recursive: true })
  const [restored, restoredMs] = await CopiedWriter.start(copied)
  await restored.stop()
  return [
    alone(`p99 of a write while ${megabytes} MB are copied`, 'ms', [percentile(tookMs, 99)]),
    alone(`the event loop is held while ${megabytes} MB are copied`, 'ms', [heldMs], mostHeld),
    compared(`${megabytes} MB are restored and opened, beside opened`, 's', [
      [restoredMs / 1000],
      [openedMs / 1000],
    ]),
  ]
}

async function withBoth<T>(
  ours: Place,
  peer: Place,
  work: (ours: CopiedWriter, peer: CopiedWriter) => Promise<T>,
): Promise<T> {
  const [[copied], [bare]] = await Promise.all([CopiedWriter.start(ours), CopiedWriter.start(peer)])
  try {
    await copied.untilShipped()
    return await work(copied, bare)
  } finally {
    await Promise.all([copied.stop(), bare.stop()])
  }
}
