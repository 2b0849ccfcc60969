import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { root } from './markdown.ts'

void t.test('the API reference is generated without a warning', async (t) => {
  const out = mkdtempSync(join(tmpdir(), 'failsoft-api-'))
  t.teardown(() => rmSync(out, { recursive: true }))
  // Warnings are errors in typedoc.json, and so is whatever is exported without documentation.
  const typedoc = join(root, 'node_modules/typedoc/bin/typedoc')
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [typedoc, '--out', out], {
    cwd: root,
  })
  t.notMatch(stdout + stderr, 'warning')
  t.ok(existsSync(join(out, 'functions/index.resolveDatabaseConfig.html')))
})
