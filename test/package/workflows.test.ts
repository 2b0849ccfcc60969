import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { root } from './project.ts'

const folder = join(root, '.github/workflows')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

interface Workflow {
  readonly permissions: Record<string, string>
  readonly jobs: Record<
    string,
    { readonly steps: readonly { readonly run?: string; readonly uses?: string }[] }
  >
}

for (const file of readdirSync(folder)) {
  void t.test(`${file}: runs what there is, with no more rights than it needs`, async (t) => {
    const { jobs, permissions } = parse(readFileSync(join(folder, file), 'utf8')) as Workflow
    t.strictSame(permissions, { contents: 'read' }, 'a job that needs more asks for it itself')
    const steps = Object.values(jobs).flatMap((job) => job.steps)
    for (const { uses } of steps) if (uses) t.match(uses, /^[\w-]+\/[\w-]+@(?:v\d+|[0-9a-f]{40})$/)
    const commands = steps.flatMap(({ run }) => run?.split('\n') ?? [])
    for (const [, script = ''] of commands.join('\n').matchAll(/npm run ([\w:]+)/g)) {
      t.ok(script in manifest.scripts, `the script ${script}`)
    }
    if (commands.includes('.ci/run')) t.ok(existsSync(join(root, '.ci/run')))
  })
}
