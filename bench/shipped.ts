import { join } from 'node:path'
import { stage } from '#test/package/stage.js'

/** The files that users run. */
export interface Shipped {
  /** What `import 'failsoft'` loads. */
  readonly library: string
  /** The program of the example app. */
  readonly exampleApp: string
}

let building: Promise<Shipped> | undefined

/** The library as npm's package holds it, and the example app as the image holds it: built once in a process. */
export async function shipped(): Promise<Shipped> {
  return (building ??= build())
}

async function build(): Promise<Shipped> {
  const { folder, npm, remove } = stage()
  process.once('exit', remove)
  await npm('run', 'prepack')
  await npm('run', 'bundle:app')
  return { library: join(folder, 'dist/index.js'), exampleApp: join(folder, 'example-app/dist/main.js') }
}
