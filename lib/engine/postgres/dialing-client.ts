import { errorMonitor, type EventEmitter } from 'node:events'
import type { RawConnection } from '../knex-client.ts'
import type { Connect } from '../server/host-dialer.ts'
import { guardDriver } from './guard-driver.ts'

// What is used of pg beyond its documented API: that a client keeps all of itself in own properties, and that the errors of a server
// are `errorMessage` of its connection. It was read in pg 8.13 to 8.23; the tests of the pools must pass on another one.

/** The part of pg's client that is used. */
export interface PgClient extends EventEmitter, RawConnection {
  password: unknown
  readonly connection: EventEmitter
  connect(): Promise<void>
  connect(done: (error: Error | undefined) => void): void
  end(): Promise<void>
  end(done: () => void): void
}

export type PgClientClass = new (settings: object) => PgClient

/** Where the connections of a client come from, and who hears of what goes wrong. */
export interface ClientSource {
  dial(connect: Connect): Promise<RawConnection>
  noteTrouble(error: unknown): void
}

/** What an emitter of Node keeps for itself. */
const emitterParts = ['_events', '_eventsCount', '_maxListeners']

/** pg's client, which connects as it is told: to each host in turn, each way to encrypt in turn. */
export function dialingClient(driver: unknown, source: ClientSource): PgClientClass {
  const { Client } = driver as { Client: PgClientClass }
  const { Client: Guarded } = guardDriver(driver) as { Client: PgClientClass }

  return class extends Client {
    static override readonly name = Client.name
    #isIn = false

    constructor(settings: object) {
      super({ ...settings, ssl: false })
    }

    /**
     * An error that comes while nobody uses the client would else end the process. A listener would do, but the pool adds and removes
     * one of its own with each query, which costs more beside another.
     */
    override emit(event: string | symbol, ...args: unknown[]): boolean {
      if (event !== 'error') return super.emit(event, ...args)
      if (this.#isIn) source.noteTrouble(args[0])
      // Who watches without listening, as tracers do, hears of it either way.
      return super.emit(this.listenerCount('error') > 0 ? 'error' : errorMonitor, ...args)
    }

    override connect(): Promise<void>
    override connect(done: (error: Error | undefined) => void): void
    override connect(done?: (error: Error | undefined, client?: unknown) => void): Promise<void> | void {
      const dialing = source.dial((settings) => this.#become(settings))
      if (!done) return dialing.then(() => undefined)
      // Not within the promise: what the callback throws is not a matter of connecting.
      dialing.then(
        () => process.nextTick(done, undefined, this),
        (error: Error) => process.nextTick(done, error),
      )
    }

    /** What becomes of a connection that ends is nobody's any more, so that a socket that is cut then is no error. */
    override end(): Promise<void>
    override end(done: () => void): void
    override end(done?: () => void): Promise<void> | void {
      if (this.#isIn) this.connection.removeAllListeners('error').on('error', () => undefined)
      return done ? super.end(done) : super.end()
    }

    /** Takes over all parts of a client for these settings, and connects it. What an earlier one still hears is nobody's any more. */
    async #become(settings: Readonly<Record<string, unknown>>): Promise<RawConnection> {
      this.connection.removeAllListeners().on('error', () => undefined)
      const parts = Object.getOwnPropertyDescriptors(new Guarded(settings)) as PropertyDescriptorMap
      for (const name of Object.getOwnPropertyNames(parts))
        if (!emitterParts.includes(name)) Object.defineProperty(this, name, parts[name]!)
      await super.connect()
      // Once the login is done nobody needs it.
      this.password = null
      this.connection.on('errorMessage', (error) => source.noteTrouble(error))
      this.#isIn = true
      return this
    }
  }
}
