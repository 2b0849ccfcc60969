import { EventEmitter } from 'node:events'
import type { Knex } from 'knex'

/** Answered by the handle itself: what the language, a printer or Objection asks of any object. */
const own = new Set<string | symbol>([
  'then',
  'toJSON',
  'constructor',
  'prototype',
  'name',
  'length',
  'isTransaction',
  'call',
  'apply',
  'bind',
  'toString',
  'valueOf',
  '$$objection',
])

const forwardedEvents = ['start', 'query', 'query-error', 'query-response']
const emitterMethods = new Set<string | symbol>([
  'on',
  'once',
  'off',
  'emit',
  'addListener',
  'prependListener',
  'prependOnceListener',
  'removeListener',
  'removeAllListeners',
  'listeners',
  'rawListeners',
  'listenerCount',
  'eventNames',
  'getMaxListeners',
  'setMaxListeners',
])
const ownersWork = new Set<string | symbol>(['destroy', 'initialize'])

/** A knex for life: each use goes to the knex of the engine in use then, and listeners stay through a change of engine. */
export interface Handle {
  readonly knex: Knex
  /** Leads the events of an engine's knex to the listeners of the handle. */
  follow(engine: Knex): void
}

/** @param current - the knex in use; throws while there is none. */
export function createHandle(current: () => Knex): Handle {
  const listeners = new Listeners()
  /* c8 ignore next -- never called: what the proxy answers is another knex */
  const target = Object.assign(function knex() {}, { isTransaction: undefined })
  const proxy = new Proxy(target, {
    apply: (_target, _self, args: unknown[]) => Reflect.apply(current() as never, undefined, args),
    get: (_target, key) => {
      if (typeof key === 'symbol' || own.has(key)) return Reflect.get(target, key) as unknown
      if (emitterMethods.has(key)) return listeners.method(key)
      if (ownersWork.has(key)) return refuseOwnersWork
      const knex = current()
      return Reflect.get(knex, key, knex) as unknown
    },
  })
  return { knex: proxy as unknown as Knex, follow: (engine) => listeners.follow(engine) }
}

/** The listeners of a handle. Each query has three events, so they are led here only once somebody may listen. */
class Listeners {
  readonly #emitter = new EventEmitter()
  #engine: Knex | undefined
  #isHeard = false

  follow(engine: Knex): void {
    this.#engine = engine
    if (this.#isHeard) this.#forward()
  }

  /** A method of the emitter that holds them. */
  method(key: string): unknown {
    if (!this.#isHeard) {
      this.#isHeard = true
      this.#forward()
    }
    const method = Reflect.get(this.#emitter, key) as (...args: unknown[]) => unknown
    return method.bind(this.#emitter)
  }

  #forward(): void {
    for (const event of forwardedEvents)
      this.#engine?.on(event, (...args: unknown[]) => this.#emitter.emit(event, ...args))
  }
}

function refuseOwnersWork(): never {
  throw new TypeError('database.knex cannot be destroyed or initialized: use database.close()')
}
