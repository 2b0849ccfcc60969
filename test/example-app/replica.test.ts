import t from 'tap'
import { copied } from './copied-app.ts'
import { send } from './http-client.ts'
import { serve } from './serve.ts'

interface View {
  readonly state: { readonly replica?: { readonly agoMs?: number; readonly place?: string } }
}

void t.test('/database says how the copy stands, and to a stranger not where it is', async (t) => {
  const { folder, ...serving } = copied()
  const served = await serve({ ...serving, apiToken: 'right' })
  t.teardown(served.close)
  let shown = (await send(served.url, 'GET', '/database')).body as View
  while (shown.state.replica?.agoMs === undefined)
    shown = (await send(served.url, 'GET', '/database')).body as View
  t.match(shown, {
    state: { status: 'connected', replica: { place: 'directory', agoMs: Number, behindMs: Number } },
  })
  t.notMatch(JSON.stringify(shown), new RegExp(folder))
  const owned = await send(served.url, 'GET', '/database', undefined, { authorization: 'Bearer right' })
  t.match(owned.body, { state: { replica: { target: `file://${folder}/replica` } } })
})
