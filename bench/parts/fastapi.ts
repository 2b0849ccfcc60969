import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { skipped } from '../figure.ts'
import type { Part } from '../part.ts'
import { temporaryDirectory } from '../service.ts'
import { shipped } from '../shipped.ts'
import { throughput } from '../throughput.ts'

const fastapiApp = fileURLToPath(new URL('../../bench/peers/fastapi-app/main.py', import.meta.url))

/** The example app beside what many Python Spaces are made of, on SQLite; both sync each commit, and write a line of log. */
export const fastapiPart: Part = {
  title: 'the example app beside FastAPI and SQLAlchemy on SQLite, 32 connections',
  async measure(effort) {
    const interpreter = ['python3', '/usr/bin/python3'].find(hasFastapi)
    if (!interpreter) return [skipped('SQLite', 'FastAPI, SQLAlchemy or uvicorn is not installed')]
    const { exampleApp } = await shipped()
    const file = (name: string) => join(temporaryDirectory(), `${name}.db`)
    return throughput(
      'SQLite',
      { file: exampleApp, env: { DATABASE_URL: `sqlite:///${file('app')}` } },
      [
        {
          name: 'FastAPI',
          program: { file: fastapiApp, interpreter, env: { DATABASE: file('fastapi') } },
          targets: {},
        },
      ],
      effort,
    )
  },
}

function hasFastapi(python: string): boolean {
  return spawnSync(python, ['-c', 'import fastapi, sqlalchemy, uvicorn']).status === 0
}
