import { join } from 'node:path'
import type { Part } from '../part.ts'
import { bareApp, driverApp, temporaryDirectory } from '../service.ts'
import { shipped } from '../shipped.ts'
import { throughput } from '../throughput.ts'

/** Reads and writes on a configured SQLite file, where both sides sync every commit to the disk. */
export const sqlitePart: Part = {
  title: 'reads and writes on SQLite, 32 connections',
  async measure(effort) {
    const { exampleApp } = await shipped()
    const file = (name: string) => join(temporaryDirectory(), `${name}.db`)
    const bare = (name: string, env: Record<string, string>) => ({
      file: bareApp,
      env: { DATABASE: file(name), ...env },
    })
    return throughput(
      'SQLite',
      { file: exampleApp, env: { DATABASE_URL: `sqlite:///${file('app')}` } },
      [
        {
          name: "bare app, knex's pool",
          program: bare('bare', {}),
          targets: { read: { least: 1.5 }, write: { least: 1.3 } },
        },
        {
          name: 'bare app, hand-tuned',
          program: bare('tuned', { TUNED: '1' }),
          targets: { read: { least: 0.97 } },
        },
        {
          name: 'hand-tuned, with log and headers',
          program: bare('equipped', { TUNED: '1', EQUIPPED: '1' }),
          targets: {},
        },
      ],
      effort,
    )
  },
}

/** The example app on each driver: which one is tried first is decided by these figures. */
export const driversPart: Part = {
  title: 'the example app on better-sqlite3 beside other SQLite drivers',
  async measure(effort) {
    const on = (driver: string) => ({
      file: driverApp,
      env: { DRIVER: driver, DATABASE_URL: `sqlite:///${join(temporaryDirectory(), 'app.db')}` },
    })
    const others = process.getBuiltinModule('node:module').isBuiltin('node:sqlite')
      ? ['sqlite3', 'node:sqlite']
      : ['sqlite3']
    const peers = others.map((name) => ({ name, program: on(name), targets: {} }))
    return throughput('better-sqlite3', on('better-sqlite3'), peers, effort)
  },
}
