import { join } from 'node:path'
import { compared } from '../figure.ts'
import { inTurns, type Part } from '../part.ts'
import { bareApp, startService, temporaryDirectory, type Program } from '../service.ts'
import { shipped } from '../shipped.ts'

/** From the start of the process to the first answer from a SQLite file that is there already. */
export const startPart: Part = {
  title: 'start to the first 200, on SQLite',
  async measure({ quick }) {
    const { exampleApp } = await shipped()
    const directory = temporaryDirectory()
    const [file, peerFile] = [join(directory, 'app.db'), join(directory, 'bare.db')]
    const start = (program: Program) => async () => {
      const service = await startService(program)
      await service.stop()
      return service.startMs
    }
    const [ours = [], bare = [], equipped = []] = await inTurns(quick ? 2 : 31, [
      start({ file: exampleApp, env: { DATABASE_URL: `sqlite:///${file}` } }),
      start({ file: bareApp, env: { DATABASE: peerFile } }),
      start({ file: bareApp, env: { DATABASE: peerFile, EQUIPPED: '1' } }),
    ])
    return [
      compared('start beside the bare app', 'ms', [ours, bare], { most: 1.15 }),
      compared('start beside the bare app with log and headers', 'ms', [ours, equipped]),
    ]
  },
}
