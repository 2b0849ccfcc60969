import type { Test } from 'tap'
import { send, type Answer } from './http-client.ts'

interface Task {
  id: string
  title: string
  description: string
  completed: boolean
  createdAt: string
  updatedAt: string
}
interface Page {
  items: Task[]
  nextCursor: string | null
  total: number | null
}
type Body = Record<string, unknown>

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const id = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/**
 * What the API promises, whatever the database is. It begins and ends with an empty table.
 *
 * @returns all answers, without what differs from run to run: they must be the same on each database.
 */
export async function contract(t: Test, url: string): Promise<string[]> {
  const transcript: string[] = []
  const ask = async (method: string, path: string, body?: unknown, headers?: object) => {
    const answer = await send(url, method, path, body, headers)
    transcript.push(`${method} ${answer.status} ${withoutIds(JSON.stringify(answer.body))}`)
    return answer
  }
  const create = async (body: Body) => (await ask('POST', '/tasks', body)).body as Task
  const list = async (query: string) => (await ask('GET', `/tasks?${query}`)).body as Page
  const clear = async () => {
    for (const task of (await list('limit=100')).items) await ask('DELETE', `/tasks/${task.id}`)
  }

  await t.test('creates, reads, replaces, changes and deletes', async (t) => {
    const made = await ask('POST', '/tasks', { title: 'Grüße 😀 "quoted" \\ % _' })
    const task = made.body as Task
    t.equal(made.status, 201)
    t.equal(made.headers.get('location'), `/tasks/${task.id}`)
    t.strictSame(Object.keys(task), ['id', 'title', 'description', 'completed', 'createdAt', 'updatedAt'])
    t.match(task, { id, createdAt: time, updatedAt: time })
    t.strictSame([task.title, task.description, task.completed], ['Grüße 😀 "quoted" \\ % _', '', false])
    t.strictSame((await ask('GET', `/tasks/${task.id}`)).body, task, 'reads back what creating answered')

    const patched = (await ask('PATCH', `/tasks/${task.id}`, { completed: true })).body as Task
    t.strictSame({ ...patched, updatedAt: 0 }, { ...task, completed: true, updatedAt: 0 })
    t.ok(patched.updatedAt >= task.updatedAt)
    const described = (await ask('PATCH', `/tasks/${task.id}`, { description: 'tall' })).body as Task
    t.strictSame([described.title, described.description, described.completed], [task.title, 'tall', true])
    const merge = { 'content-type': 'application/merge-patch+json' }
    t.equal((await ask('PATCH', `/tasks/${task.id}`, { completed: false }, merge)).status, 200)
    for (const charset of ['utf-8', 'UTF8', '"utf-8"', 'us-ascii']) {
      const named = { 'content-type': `application/json; charset=${charset}` }
      t.equal((await ask('PATCH', `/tasks/${task.id}`, { completed: false }, named)).status, 200, charset)
    }

    const replaced = (await ask('PUT', `/tasks/${task.id}`, { title: 'new' })).body as Task
    t.strictSame(
      [replaced.title, replaced.description, replaced.completed, replaced.createdAt],
      ['new', '', false, task.createdAt],
    )
    t.strictSame((await ask('GET', `/tasks/${task.id}`)).body, replaced)

    const gone = await ask('DELETE', `/tasks/${task.id}`)
    t.strictSame([gone.status, gone.body], [204, ''])
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const body = /PUT|PATCH/.test(method) ? { title: 'x' } : undefined
      const answer = await ask(method, `/tasks/${task.id}`, body)
      t.match(answer, { status: 404, body: { status: 404, detail: `There is no task ${task.id}.` } }, method)
    }
  })

  await t.test('names what a task is, and changes no other', async (t) => {
    const made = await ask('POST', '/tasks', { title: 'first' })
    const path = String(made.headers.get('location'))
    const tag = String(made.headers.get('etag'))
    const read = await ask('GET', path)
    t.equal(read.headers.get('etag'), tag, 'reading names it as creating did')
    const asBefore = { 'cache-control': 'max-age=0', 'if-none-match': tag }
    for (const sent of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const kept = await ask('GET', path, undefined, { ...asBefore, 'if-none-match': sent })
      t.match(kept, { status: 304, body: '' }, sent)
      t.equal(kept.headers.get('etag'), tag)
      t.equal(kept.headers.get('cache-control'), 'no-cache')
    }
    t.equal((await ask('GET', path, undefined, { ...asBefore, 'if-none-match': '"x"' })).status, 200)
    t.equal((await ask('GET', path, undefined, { 'if-match': tag })).status, 200)
    t.equal((await ask('GET', path, undefined, { 'if-match': '"x"' })).status, 412)

    const changed = await ask('PATCH', path, { title: 'second' }, { 'if-match': tag })
    t.equal(changed.status, 200)
    const newTag = String(changed.headers.get('etag'))
    t.not(newTag, tag)
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const body = method === 'DELETE' ? undefined : { title: 'third' }
      for (const stale of [tag, `W/${newTag}`, '"x", "y"']) {
        const refused = await ask(method, path, body, { 'if-match': stale })
        t.match(refused, { status: 412, body: { status: 412, detail: /changed/ } }, `${method} ${stale}`)
      }
      for (const seen of ['*', newTag, `W/${newTag}`, `"x", ${newTag}`]) {
        const refused = await ask(method, path, body, { 'if-none-match': seen })
        t.match(refused, { status: 412, body: { status: 412, detail: /If-None-Match/ } }, `${method} ${seen}`)
      }
    }
    t.strictSame((await ask('GET', path)).body, changed.body, 'nothing was changed')
    t.equal((await ask('PUT', path, { title: 'third' }, { 'if-match': `"x", ${newTag}` })).status, 200)
    t.equal((await ask('PATCH', path, { title: 'fourth' }, { 'if-match': '*' })).status, 200)
    t.equal((await ask('PATCH', path, { title: 'fifth' }, { 'if-none-match': tag })).status, 200)
    t.equal((await ask('DELETE', path, undefined, { 'if-match': '*' })).status, 204)
    t.equal((await ask('DELETE', path, undefined, { 'if-match': '*' })).status, 404)
  })

  await t.test('names each state of a task once, however fast it changes', async (t) => {
    const made = await ask('POST', '/tasks', { title: 'first' })
    const path = String(made.headers.get('location'))
    const tags = [String(made.headers.get('etag'))]
    for (let change = 0; change < 30; change++) {
      const changed = await ask('PATCH', path, { completed: change % 2 === 0 }, { 'if-match': tags.at(-1)! })
      t.equal(changed.status, 200)
      tags.push(String(changed.headers.get('etag')))
    }
    t.equal(new Set(tags).size, tags.length)
    t.strictSame(tags.toSorted(), tags, 'later ones are later')
    await clear()
  })

  await t.test('keeps the largest texts whole', async (t) => {
    const body = { title: '😀'.repeat(200), description: 'é'.repeat(5_000), completed: true }
    const task = await create(body)
    t.match((await ask('GET', `/tasks/${task.id}`)).body, body)
    const padded = JSON.stringify({ title: 'x' }).padEnd(100 * 1_024)
    t.equal((await ask('POST', '/tasks', padded)).status, 201, 'a body of 100 KB')
    await clear()
  })

  await t.test('sorts by code point and by time, in pages that lose and double nothing', async (t) => {
    const titles = ['b', 'a', 'B', 'a ', 'é', 'e', 'z', '😀', '\uFFFD', 'a\tb', 'a b', 'a', '_', '10', '9']
    const made: Task[] = []
    for (const title of titles) made.push(await create({ title }))
    const byCodePoint = (a: Task, b: Task) =>
      Buffer.compare(Buffer.from(a.title), Buffer.from(b.title)) || (a.id < b.id ? -1 : 1)
    const byTime = (a: Task, b: Task) => a.createdAt.localeCompare(b.createdAt) || (a.id < b.id ? -1 : 1)
    const orders = {
      title: made.toSorted(byCodePoint),
      '-title': made.toSorted(byCodePoint).toReversed(),
      createdAt: made.toSorted(byTime),
      '-createdAt': made.toSorted(byTime).toReversed(),
    }
    for (const [sort, want] of Object.entries(orders)) {
      const got: Task[] = []
      let cursor: string | null = ''
      do {
        const page: Page = await list(`sort=${sort}&limit=4${cursor && `&cursor=${cursor}`}`)
        t.equal(page.total, null)
        got.push(...page.items)
        cursor = page.nextCursor
      } while (cursor)
      t.strictSame(got.map(titleAndId), want.map(titleAndId), sort)
    }
    t.strictSame((await list('')).items.map(titleAndId), orders['-createdAt'].map(titleAndId), 'newest first')
    t.equal((await list(`limit=${titles.length}`)).nextCursor, null, 'a page that ends the list says so')
    await clear()
  })

  await t.test('goes on where it was, whatever was added or deleted meanwhile', async (t) => {
    for (const title of ['a', 'b', 'c', 'd']) await create({ title })
    const first = await list('sort=title&limit=2')
    await ask('DELETE', `/tasks/${first.items[1]?.id}`)
    await create({ title: 'aa' })
    t.strictSame(
      (await list(`sort=title&cursor=${first.nextCursor}`)).items.map((task) => task.title),
      ['c', 'd'],
    )
    await clear()
  })

  await t.test('takes an id in upper case for the same (RFC 9562)', async (t) => {
    const { id, title } = await create({ title: 'a' })
    const path = `/tasks/${id.toUpperCase()}`
    t.match((await ask('GET', path)).body, { id, title })
    t.match((await ask('PATCH', path, { title: 'b' })).body, { id, title: 'b' })
    t.match((await ask('GET', `/tasks/${id}`)).body, { id, title: 'b' })
    t.equal((await ask('DELETE', path)).status, 204)
    t.equal((await ask('GET', `/tasks/${id}`)).status, 404)
  })

  await t.test('filters, searches and counts', async (t) => {
    await create({ title: 'Ärger', description: 'GROSS', completed: true })
    await create({ title: '100% done', description: 'a_b \\ c!' })
    await create({ title: '1000 done', description: 'aXb' })
    const cases = [
      { query: '', want: ['1000 done', '100% done', 'Ärger'] },
      { query: 'completed=true', want: ['Ärger'] },
      { query: 'completed=false', want: ['1000 done', '100% done'] },
      { query: 'q=ä', want: ['Ärger'] },
      { query: 'q=ÄRG', want: ['Ärger'] },
      { query: 'q=gross', want: ['Ärger'] },
      { query: 'q=%25', want: ['100% done'] },
      { query: 'q=a_B', want: ['100% done'] },
      { query: 'q=%5C', want: ['100% done'] },
      { query: 'q=c!', want: ['100% done'] },
      { query: "q='", want: [] },
      { query: 'q=DONE&completed=true', want: [] },
      { query: 'q=', want: ['1000 done', '100% done', 'Ärger'] },
      { query: 'q=doneaxb', want: [] },
    ]
    for (const { query, want } of cases) {
      const page = await list(`${query}&count=true`.replace(/^&/, ''))
      t.strictSame(
        page.items.map((task) => task.title),
        want,
        query,
      )
      t.equal(page.total, want.length, `${query}: total`)
    }
    const [task] = (await list('completed=true')).items
    await ask('PATCH', `/tasks/${task?.id}`, { title: 'Other' })
    t.strictSame((await list('q=ärger')).items, [], 'finds what is there now')
    t.equal((await list('q=other')).items.length, 1)
    t.equal((await list('q=gross')).items.length, 1)
    await create({ title: 'ΜΟΣΧΟΣ' })
    for (const q of ['μοσ', 'ΜΟΣ', 'χος', 'ΧΟΣ', 'χοσ'])
      t.equal((await list(`q=${q}`)).items.length, 1, `${q}: a sigma is one letter, also where a word ends`)
    await clear()
  })

  await t.test('stores what looks like SQL as text', async (t) => {
    for (const text of [
      "'; drop table tasks; --",
      '" or 1=1 --',
      "\\'); delete from tasks",
      '${1}',
      '?',
      ':id',
      '??',
    ]) {
      const task = await create({ title: text, description: text })
      t.match((await ask('GET', `/tasks/${task.id}`)).body, { title: text, description: text })
      t.equal((await list(`q=${encodeURIComponent(text)}`)).items.length, 1, text)
      t.equal((await ask('GET', `/tasks/${encodeURIComponent(text)}`)).status, 404)
      t.equal((await ask('GET', `/tasks?sort=${encodeURIComponent(text)}`)).status, 400)
      t.equal((await ask('GET', `/tasks?cursor=${encodeURIComponent(text)}`)).status, 400)
      await clear()
    }
  })

  await t.test('refuses what is wrong, and says what', async (t) => {
    const cursor = await someCursor(list, create)
    for (const { name, method = 'POST', path = '/tasks', body, headers, status, want } of refusals(cursor)) {
      const answer: Answer = await ask(method, path, body, headers)
      t.equal(answer.status, status, name)
      t.match(answer.headers.get('content-type'), /^application\/problem\+json/, name)
      t.match(answer.body, { type: 'about:blank', title: String, status, detail: String, ...want }, name)
    }
    await clear()
    t.strictSame(await list('count=true'), { items: [], nextCursor: null, total: 0 }, 'nothing was stored')
  })

  const answers = [...transcript]
  await t.test('keeps changes at the same time whole', async (t) => {
    const { id } = await create({ title: 'start', description: 'start' })
    const titles = Array.from({ length: 10 }, (_, n) => `title ${n}`)
    const changed = await Promise.all(
      titles.flatMap((title, n) => [
        send(url, 'PATCH', `/tasks/${id}`, { title }),
        send(url, 'PATCH', `/tasks/${id}`, { description: `description ${n}` }),
      ]),
    )
    t.ok(changed.every(({ status }) => status === 200))
    const task = (await send(url, 'GET', `/tasks/${id}`)).body as Task
    t.match(task, { title: /^title \d$/, description: /^description \d$/ })
    for (const part of [task.title, task.description]) {
      const found = await send(url, 'GET', `/tasks?q=${part}`)
      t.equal((found.body as Page).items.length, 1)
    }
    const { headers } = await send(url, 'GET', `/tasks/${id}`)
    const seen = { 'if-match': headers.get('etag') }
    const raced = await Promise.all(
      titles.map((title) => send(url, 'PATCH', `/tasks/${id}`, { title }, seen)),
    )
    const won = raced.filter(({ status }) => status === 200)
    const lost = raced.filter(({ status }) => status === 412)
    t.strictSame(
      [won.length, lost.length],
      [1, titles.length - 1],
      'who saw the same task: one of them changes it',
    )
    await clear()
  })
  return answers
}

function withoutIds(text: string): string {
  return text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/"nextCursor":"[^"]+"/g, '"nextCursor":"CURSOR"')
}

function titleAndId({ title, id }: Task): string {
  return `${title} ${id}`
}

async function someCursor(
  list: (query: string) => Promise<Page>,
  create: (body: Body) => Promise<Task>,
): Promise<string> {
  await create({ title: 'x' })
  await create({ title: 'y' })
  const { nextCursor } = await list('limit=1&sort=title')
  return String(nextCursor)
}

interface Refusal {
  name: string
  method?: string
  path?: string
  body?: unknown
  headers?: object
  status: number
  want?: object
}

function refusals(cursor: string): Refusal[] {
  const pointer = (name: string, detail: RegExp) => ({ errors: [{ pointer: `#/${name}`, detail }] })
  const parameter = (name: string, detail: RegExp) => ({ errors: [{ parameter: name, detail }] })
  return [
    { name: 'no title', body: {}, status: 400, want: pointer('title', /required/) },
    { name: 'blank title', body: { title: ' \t\u00A0' }, status: 400, want: pointer('title', /blank/) },
    {
      name: 'title of what cannot be seen',
      body: { title: '\u200B\u2060\u00AD\u001F\uFE0F\u3164\u115F\u1160\uFFA0\u2800\u034F' },
      status: 400,
      want: pointer('title', /blank/),
    },
    { name: 'empty title', body: { title: '' }, status: 400, want: pointer('title', /blank/) },
    {
      name: 'long title',
      body: { title: 'x'.repeat(201) },
      status: 400,
      want: pointer('title', /at most 200/),
    },
    {
      name: 'very long title',
      body: { title: 'x'.repeat(10_000) },
      status: 400,
      want: pointer('title', /200/),
    },
    {
      name: 'long description',
      body: { title: 'x', description: 'x'.repeat(5_001) },
      status: 400,
      want: pointer('description', /at most 5000/),
    },
    { name: 'title of a wrong type', body: { title: 1 }, status: 400, want: pointer('title', /text/) },
    {
      name: 'null',
      body: { title: 'x', completed: null },
      status: 400,
      want: pointer('completed', /boolean/),
    },
    {
      name: 'unknown field',
      body: { title: 'x', 'a/b~': 1 },
      status: 400,
      want: pointer('a~1b~0', /not known/),
    },
    {
      name: 'id is not the client’s',
      body: { title: 'x', id: 'y' },
      status: 400,
      want: pointer('id', /not known/),
    },
    {
      name: 'all at once',
      body: { title: '', completed: 'no', x: 1 },
      status: 400,
      want: { errors: [{ pointer: '#/x' }, { pointer: '#/title' }, { pointer: '#/completed' }] },
    },
    { name: 'NUL', body: { title: 'a\0b' }, status: 400, want: pointer('title', /NUL/) },
    {
      name: 'lone surrogate',
      body: '{"title":"a\\ud800"}',
      status: 400,
      want: pointer('title', /surrogate/),
    },
    {
      name: 'lone surrogate in the description',
      body: '{"title":"a","description":"\\udc00"}',
      status: 400,
      want: pointer('description', /surrogate/),
    },
    { name: 'array', body: [], status: 400 },
    { name: 'number', body: '1', status: 400, want: { detail: /object/ } },
    { name: 'a JSON null', body: 'null', status: 400, want: { detail: /object/ } },
    { name: 'prototype', body: '{"title":"a","__proto__":{}}', status: 400 },
    {
      name: 'a type with too many semicolons',
      body: { title: 'x', name: 'x' },
      headers: { 'content-type': 'application/json;;' },
      status: 400,
      want: pointer('name', /not known/),
    },
    { name: 'bad JSON', body: '{"title":', status: 400 },
    { name: 'empty body', body: '', status: 400 },
    { name: 'no body', status: 400 },
    {
      name: 'form',
      body: 'title=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      status: 415,
    },
    { name: 'an encoding that it has not', body: {}, headers: { 'content-encoding': 'gzip' }, status: 400 },
    { name: 'unknown encoding', body: {}, headers: { 'content-encoding': 'x' }, status: 415 },
    {
      name: 'text that is not UTF-8',
      body: { title: 'x' },
      headers: { 'content-type': 'application/json; charset=ISO-8859-1' },
      status: 415,
      want: { detail: /UTF-8/ },
    },
    { name: '100 KB and 1', body: JSON.stringify({ title: 'x' }).padEnd(100 * 1_024 + 1), status: 413 },
    { name: 'deep JSON', body: `{"title":"x","y":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, status: 400 },
    {
      name: 'empty change',
      method: 'PATCH',
      path: '/tasks/x',
      body: {},
      status: 400,
      want: { detail: /at least one/ },
    },
    { name: 'id of no form', method: 'GET', path: '/tasks/nope', status: 404 },
    { name: 'id with NUL', method: 'GET', path: '/tasks/%00', status: 404 },
    { name: 'id of broken encoding', method: 'GET', path: '/tasks/%zz', status: 404 },
    { name: 'delete of no form', method: 'DELETE', path: '/tasks/1', status: 404 },
    { name: 'unknown path', method: 'GET', path: '/nothing', status: 404 },
    {
      name: 'a method that HTTP has and this service has not',
      method: 'PROPFIND',
      path: '/tasks',
      status: 501,
    },
    {
      name: 'thousands of fields',
      body: Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`f${n}`, 0])),
      status: 400,
      want: { errors: { length: 50 } },
    },
    { name: 'two slashes', method: 'GET', path: '//tasks', status: 400, want: { detail: /no path/ } },
    {
      name: 'a method for what is only looked at',
      method: 'PROPFIND',
      path: '/main.js',
      status: 501,
      want: { detail: 'PROPFIND is not possible here.' },
    },
    { name: 'other method', method: 'DELETE', path: '/tasks', status: 405 },
    {
      name: 'limit 0',
      method: 'GET',
      path: '/tasks?limit=0',
      status: 400,
      want: parameter('limit', /at least 1/),
    },
    {
      name: 'limit 101',
      method: 'GET',
      path: '/tasks?limit=101',
      status: 400,
      want: parameter('limit', /most 100/),
    },
    {
      name: 'limit 1.5',
      method: 'GET',
      path: '/tasks?limit=1.5',
      status: 400,
      want: parameter('limit', /integer/),
    },
    ...['0x10', '0b1', '1e1', '5.0', '+5', ' 5', '05', '', 'Infinity', '1e999'].map((limit) => ({
      name: `limit ${limit}`,
      method: 'GET',
      path: `/tasks?limit=${encodeURIComponent(limit)}`,
      status: 400,
      want: parameter('limit', /integer/),
    })),
    {
      name: 'limit of 25 digits',
      method: 'GET',
      path: `/tasks?limit=${'9'.repeat(25)}`,
      status: 400,
      want: parameter('limit', /most 100/),
    },
    {
      name: 'completed',
      method: 'GET',
      path: '/tasks?completed=1',
      status: 400,
      want: parameter('completed', /bool/),
    },
    { name: 'sort', method: 'GET', path: '/tasks?sort=id', status: 400, want: parameter('sort', /one of/) },
    { name: 'twice', method: 'GET', path: '/tasks?q=a&q=b', status: 400, want: parameter('q', /once/) },
    {
      name: 'a number twice',
      method: 'GET',
      path: '/tasks?limit=1&limit=2',
      status: 400,
      want: parameter('limit', /once/),
    },
    { name: 'q with NUL', method: 'GET', path: '/tasks?q=%00', status: 400, want: parameter('q', /NUL/) },
    {
      name: 'unknown parameter',
      method: 'GET',
      path: '/tasks?x=1',
      status: 400,
      want: parameter('x', /not known/),
    },
    {
      name: 'unknown parameter with a slash',
      method: 'GET',
      path: '/tasks?a%2Fb~=1',
      status: 400,
      want: { errors: [{ parameter: 'a/b~' }] },
    },
    { name: 'no cursor', method: 'GET', path: '/tasks?cursor=', status: 400, want: parameter('cursor', /./) },
    ...[...damaged(cursor), ...forged()].map((text) => ({
      name: `cursor ${text}`,
      method: 'GET',
      path: `/tasks?sort=title&cursor=${encodeURIComponent(text)}`,
      status: 400,
      want: parameter('cursor', /not a cursor/),
    })),
    {
      name: 'cursor of another order',
      method: 'GET',
      path: `/tasks?cursor=${cursor}`,
      status: 400,
      want: parameter('cursor', /sort=title/),
    },
  ]
}

/** Cursors made by somebody who has read how. */
function forged(): string[] {
  const id = '01900000-0000-7000-8000-000000000000'
  const places = [
    ['title', 'x\0', id],
    ['title', { x: 1 }, id],
    ['title', null, id],
    ['title', 'x', 'no id'],
    ['color', 'x', id],
    ['title', 'x', id, 'more'],
    ['title'],
    {},
    'title',
    null,
  ]
  return [...places.map((place) => JSON.stringify(place)), 'no JSON'].map((json) =>
    Buffer.from(json).toString('base64url'),
  )
}

/** A cursor that was cut off, or grew. */
function damaged(cursor: string): string[] {
  return [cursor.slice(0, -1), cursor.slice(1), `${cursor}A`, `${cursor}.x`, `${cursor}=`]
}
