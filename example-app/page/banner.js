import { byId, showText } from './dom.js'
import { describeCopy, names, promises, remarks, wayBack } from './words.js'

const retryMs = 3_000

/** Follows the state of the database and says it in plain words. Calls back at each change, with whether it can be used. */
export function followDatabase(onChange) {
  const source = new EventSource('/database/events')
  let known = ''
  source.addEventListener('message', (event) => {
    const { state, warnings } = JSON.parse(event.data)
    // That a copy was made is no change, for who listens to this and for who listens to a screen reader.
    const { replica, ...rest } = state
    const now = JSON.stringify([rest, replica?.problem])
    show(describe(state, warnings), now === known ? 'off' : 'polite')
    if (now === known) return
    known = now
    onChange(['connected', 'fallback'].includes(state.status))
  })
  source.addEventListener('error', () => {
    show({ mood: 'bad', title: 'The service does not answer.', note: 'It is asked again by itself.' })
    known = ''
    onChange(false)
    // The browser connects again by itself, but not after an answer that is no stream.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => followDatabase(onChange), retryMs)
  })
}

function show({ mood, title, note = '', hint = '' }, live = 'polite') {
  byId('banner').ariaLive = live
  byId('banner').dataset.mood = mood
  showText(byId('banner-title'), title)
  showText(byId('banner-note'), note)
  showText(byId('banner-hint'), hint)
}

function describe(state, warnings) {
  const name = names[state.dialect] ?? 'The database'
  const [warning] = warnings
  const odd = remarks(warnings)
  switch (state.status) {
    case 'connected':
      if (state.readOnly) {
        const note = `(read-only: tasks can be read, not changed) ${state.message ?? ''}`
        return { mood: 'poor', title: name, note, hint: state.hint }
      }
      if (state.replica) return copied(name, state, warning)
      return { mood: 'good', title: name, note: warning?.message ?? keptThere(state), hint: warning?.hint }
    case 'fallback': {
      const copy = state.replica ? `${describeCopy(state)}, ` : ''
      const note = `${copy}because ${clause(state.message)}. ${promises[state.durability] ?? promises.unknown}`
      return {
        mood: 'poor',
        title: copy ? `${name},` : name,
        note,
        hint: [state.hint, odd, wayBack(state)].filter(Boolean).join(' '),
      }
    }
    case 'reconnecting':
      return { mood: 'bad', title: `${name} is away.`, note: `${state.message} It is tried again by itself.` }
    case 'unavailable':
      return {
        mood: 'bad',
        title: 'No database.',
        note: state.message,
        hint: [state.hint, odd].filter(Boolean).join(' '),
      }
    case 'closing':
    case 'closed':
      return { mood: 'bad', title: 'The service is stopping.' }
    default:
      return { mood: 'waiting', title: 'Connecting to the database…' }
  }
}

function copied(name, { replica }, warning) {
  const hint = replica.problem?.hint ?? warning?.message
  const mood = replica.problem ? 'poor' : 'good'
  return { mood, title: `${name},`, note: describeCopy({ replica }), hint }
}

function keptThere({ dialect }) {
  return dialect === 'sqlite' ? '' : '(tasks are kept on the database server)'
}

/** A sentence as the end of another one. */
function clause(sentence) {
  return sentence.replace(/^The /, 'the ').replace(/\.$/, '')
}
