import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { AppContext, AppMiddleware } from './context.ts'

interface StaticFile {
  readonly content: Buffer
  readonly etag: string
}

const parts = [
  'api.js',
  'banner.js',
  'composer.js',
  'docs.js',
  'dom.js',
  'favicon.svg',
  'main.js',
  'style.css',
  'task-item.js',
  'task-list.js',
  'token-dialog.js',
]
/** What is served, by path. Nothing else can be asked for, however a path is written. */
const files: ReadonlyMap<string, string> = new Map([
  ['/', 'index.html'],
  ['/docs', 'docs.html'],
  ...parts.map((name): [string, string] => [`/page/${name}`, name]),
])

/**
 * Serves the page. A file is read when it is first asked for, and kept.
 *
 * @param folder - where the files are, with a `/` at its end.
 */
export function staticFiles(folder: URL): AppMiddleware {
  const kept = new Map<string, StaticFile>()
  const load = async (name: string): Promise<StaticFile> => {
    const content = await readFile(new URL(name, folder))
    const file = { content, etag: createHash('sha256').update(content).digest('base64url').slice(0, 16) }
    kept.set(name, file)
    return file
  }
  const serve = async (ctx: AppContext, name: string): Promise<void> => {
    const { content, etag } = kept.get(name) ?? (await load(name))
    ctx.status = 200
    ctx.type = name.slice(name.lastIndexOf('.'))
    ctx.etag = etag
    ctx.set('Cache-Control', 'no-cache')
    if (ctx.fresh) ctx.status = 304
    else ctx.body = content
  }
  return (ctx, next) => {
    const name = files.get(ctx.path)
    if (name === undefined || !['GET', 'HEAD'].includes(ctx.method)) return next()
    return serve(ctx, name)
  }
}
