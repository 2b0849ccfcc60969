#!/usr/bin/env node
import { onOneLine } from './render.ts'
import { run } from './run.ts'

// A reader that goes away, such as head, is no failure; a disk that is full is one.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE' && code !== 'ECONNRESET') process.once('exit', () => (process.exitCode = 2))
  })
}

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
  ...(process.stderr.isTTY && {
    showProgress: (text) => void process.stderr.write(`\r\u001B[K${onOneLine(text, process.stderr.columns)}`),
  }),
  isTerminal: process.stdout.isTTY,
  columns: process.stdout.columns || 80,
})
