import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compared } from '../figure.ts'
import { inTurns, timed, type Part } from '../part.ts'
import { temporaryDirectory } from '../service.ts'
import { shipped } from '../shipped.ts'

/** What `import 'failsoft'` adds to a process that does nothing. */
export const importPart: Part = {
  title: "import 'failsoft' beside an empty process",
  async measure({ quick }) {
    const { library } = await shipped()
    const directory = temporaryDirectory()
    const program = (name: string, text: string) => {
      const file = join(directory, `${name}.mjs`)
      writeFileSync(file, text)
      return async () => timed(() => execFileSync(process.execPath, [file]))
    }
    const [ours = [], empty = []] = await inTurns(quick ? 3 : 41, [
      program('imports', `import ${JSON.stringify(library)}`),
      program('empty', ''),
    ])
    return [compared("import 'failsoft'", 'ms', [ours, empty], { most: 1.2 })]
  },
}
