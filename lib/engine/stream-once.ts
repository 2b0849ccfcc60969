import type { Readable } from 'node:stream'
import type { KnexRunner, RawConnection } from './knex-client.ts'

/** What a runner does once it has a connection. */
type Work = (runner: KnexRunner, params: StreamParams) => Promise<unknown>

interface StreamParams {
  readonly stream: Readable
}

/**
 * Has a stream give its connection back once. knex does it when the statement is over and again when the stream closes, and the second time it
 * is somebody else's by then: two share a connection, and what one of them wrote is rolled back by the other. A stream that was destroyed
 * gives its connection back once it is closed; where it had none by then, it runs no statement on the one that comes.
 *
 * @see {@link https://github.com/knex/knex/issues/6288}
 */
export function streamOnce(runner: KnexRunner): KnexRunner {
  runner.stream = stream
  return runner
}

async function untilClosed(work: Work, runner: KnexRunner, params: StreamParams): Promise<unknown> {
  const { stream } = params
  if (stream.destroyed) return undefined
  const closed = new Promise<void>((resolve) => stream.once('close', resolve))
  return await Promise.race([work(runner, params), closed])
}

function stream(this: KnexRunner, ...options: unknown[]): unknown {
  const { client } = this
  let held: RawConnection | undefined
  const acquireConnection = async (): Promise<RawConnection> => (held = await client.acquireConnection())
  const releaseConnection = async (connection: RawConnection): Promise<void> => {
    // One that the program chose by `connection()` is the program's to give back.
    if (connection !== held) return
    held = undefined
    await client.releaseConnection(connection)
  }
  this.client = Object.create(client, {
    acquireConnection: { value: acquireConnection },
    releaseConnection: { value: releaseConnection },
  }) as typeof client
  const { ensureConnection } = this
  this.ensureConnection = async (work, params) => {
    try {
      const once: Work = (runner, params) => untilClosed(work as Work, runner, params)
      return await ensureConnection.call(this, once, params)
    } catch (error) {
      // Nobody listens to it any more.
      if (this.connection || !(params as StreamParams).stream.destroyed) throw error
      return undefined
    }
  }
  const { stream: make } = Object.getPrototypeOf(this) as KnexRunner
  return make.apply(this, options)
}
