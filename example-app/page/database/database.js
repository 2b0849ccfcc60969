import { followDatabase } from '../banner.js'
import { byId, element } from '../dom.js'
import { askForToken, currentToken } from '../token-dialog.js'
import { describeCopy, names, promises, remarks, wayBack } from '../words.js'

const refreshMs = 10_000
const meanings = {
  idle: 'Nobody has asked for the database yet.',
  connecting: 'The database is being tried for the first time, or again.',
  connected: 'The configured database is in use.',
  fallback: 'SQLite stands in for a database server. Rows written now are in its file.',
  reconnecting: 'The database went away. Requests are refused at once until it is back.',
  unavailable: 'There is no database. It is tried again by itself where that can help.',
  closing: 'The service is stopping: what is in flight may end.',
  closed: 'The service has stopped.',
}

followDatabase(refresh)
setInterval(refresh, refreshMs)
byId('owner').addEventListener('click', async () => {
  while (byId('trace-section').hidden && (await askForToken())) await refresh()
})

/** Asks for what the stream does not tell: the history and the latency, and, for the owner, the places. */
async function refresh() {
  try {
    const response = await fetch('/database', { headers: { Authorization: `Bearer ${currentToken()}` } })
    const [, latencyMs] = /database;dur=(\d+)/.exec(response.headers.get('Server-Timing')) ?? []
    show(await response.json(), latencyMs)
  } catch {
    // The banner says that the service does not answer.
  }
}

function show({ state, history, trace, warnings }, latencyMs) {
  showFacts(state, history.at(-1).at, latencyMs, remarks(warnings))
  showPlace(state.status)
  byId('history').replaceChildren(...history.toReversed().map(entry))
  byId('owner').hidden = Boolean(trace)
  byId('trace-section').hidden = !trace
  byId('trace').replaceChildren(...rows(traceRows(trace ?? [])))
}

function showFacts(state, since, latencyMs, settings) {
  const { engine, problem } = state
  const facts = {
    State: state.status,
    Since: time(since),
    Database: state.dialect && `${names[state.dialect]}, by the driver ${state.driver}`,
    Rows: state.durability && promises[state.durability],
    Copy: describeCopy(state),
    Latency: latencyMs && `${latencyMs} ms`,
    Address: engine?.target,
    'Way back': wayBack(state),
    Problem: state.message && `${state.message} (${state.code})`,
    'To do': state.hint,
    'In its words': problem?.cause?.message,
    Settings: settings,
  }
  byId('facts').replaceChildren(...rows(Object.entries(facts)))
}

function showPlace(status) {
  for (const place of byId('diagram').querySelectorAll('[data-state]')) {
    place.classList.toggle('now', place.dataset.state === status)
  }
  byId('diagram').setAttribute('aria-label', `The states and their order; now: ${status}`)
  byId('meaning').textContent = meanings[status]
}

function entry({ at, status, message, problem }) {
  const words = [message, problem?.cause?.message].filter(Boolean).join(' ')
  return element('li', element('strong', status), ' ', time(at), words && element('p', words))
}

/** What was looked at and not there is one line. */
function traceRows(trace) {
  const absent = trace.filter(({ outcome }) => outcome === 'absent')
  const told = trace.filter(({ outcome }) => outcome !== 'absent')
  return [
    ...told.map(({ subject, outcome, why }) => [subject, `${outcome}: ${why}`]),
    ['Not set', absent.map(({ subject }) => subject).join(', ')],
  ]
}

function rows(facts) {
  return facts
    .filter(([, text]) => text)
    .map(([label, text]) => element('div', element('dt', label), element('dd', text)))
}

function time(iso) {
  const shown = element('time', new Date(iso).toLocaleString())
  shown.dateTime = iso
  return shown
}
