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
/** What knex has a setter for. */
const settings = new Set<string | symbol>(['client', 'userParams'])
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
  const target = function knex(_table: unknown, _options: unknown): void {}
  const proxy: object = new Proxy(target, {
    apply: (_target, _self, args: unknown[]) => Reflect.apply(current() as never, undefined, args),
    get: (_target, key) => {
      if (isOwn(target, key)) return Reflect.get(target, key) as unknown
      if (emitterMethods.has(key)) return listeners.method(key as string, proxy)
      if (ownersWork.has(key)) return refuseOwnersWork
      const knex = current()
      return Reflect.get(knex, key, knex) as unknown
    },
    // What is set is the handle's own, for life, but for what knex has there: a spy was taken off. What knex itself reads again is set there.
    set: (_target, key, value) => {
      if (isOf(ifAny(current), key, value)) return Reflect.deleteProperty(target, key)
      if (!settings.has(key)) return Reflect.set(target, key, value)
      const knex = current()
      return Reflect.set(knex, key, value, knex)
    },
    defineProperty: (_target, key, descriptor) =>
      isOf(ifAny(current), key, descriptor.value)
        ? Reflect.deleteProperty(target, key)
        : Reflect.defineProperty(target, key, descriptor),
    has: (_target, key) => {
      if (Reflect.has(target, key) || emitterMethods.has(key) || ownersWork.has(key)) return true
      const knex = ifAny(current)
      return knex !== undefined && Reflect.has(knex, key)
    },
    ownKeys: () => [
      ...new Set([
        ...Reflect.ownKeys(target),
        ...Reflect.ownKeys(ifAny(current) ?? target),
        ...emitterMethods,
      ]),
    ],
    getOwnPropertyDescriptor: (_target, key) => {
      if (Object.hasOwn(target, key)) return Reflect.getOwnPropertyDescriptor(target, key)
      if (!emitterMethods.has(key) && !Object.hasOwn(ifAny(current) ?? target, key)) return undefined
      const value = Reflect.get(proxy, key) as unknown
      return { value, configurable: true, enumerable: true, writable: true }
    },
  })
  return { knex: proxy as Knex, follow: (engine) => listeners.follow(engine) }
}

function isOwn(target: object, key: string | symbol): boolean {
  return typeof key === 'symbol' || own.has(key) || Object.hasOwn(target, key)
}

/** Whether it is the knex's own method of that name. */
function isOf(knex: Knex | undefined, key: string | symbol, value: unknown): boolean {
  if (typeof value !== 'function' || typeof key === 'symbol' || own.has(key)) return false
  return knex !== undefined && Reflect.get(knex, key, knex) === value
}

function ifAny(current: () => Knex): Knex | undefined {
  try {
    return current()
  } catch {
    return undefined
  }
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

  /** A method of the emitter that holds them. Where an emitter gives itself back, the handle gives back itself. */
  method(key: string, handle: object): unknown {
    if (!this.#isHeard) {
      this.#isHeard = true
      this.#forward()
    }
    const emitter = this.#emitter
    const method = Reflect.get(emitter, key) as (...args: unknown[]) => unknown
    return (...args: unknown[]) => {
      const answer = method.apply(emitter, args)
      return answer === emitter ? handle : answer
    }
  }

  #forward(): void {
    for (const event of forwardedEvents)
      this.#engine?.on(event, (...args: unknown[]) => this.#emitter.emit(event, ...args))
  }
}

function refuseOwnersWork(): never {
  throw new TypeError('database.knex cannot be destroyed or initialized: use database.close()')
}
