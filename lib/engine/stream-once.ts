import type { KnexRunner, RawConnection } from './knex-client.ts'

/**
 * Has a stream give its connection back once. knex does it when the statement is over and again when the stream closes, and the second time it
 * is somebody else's by then: two share a connection, and what one of them wrote is rolled back by the other.
 *
 * @see {@link https://github.com/knex/knex/issues/6288}
 */
export function streamOnce(runner: KnexRunner): KnexRunner {
  runner.stream = stream
  return runner
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
  const { stream: make } = Object.getPrototypeOf(this) as KnexRunner
  return make.apply(this, options)
}
