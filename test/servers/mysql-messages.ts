/** Packets of a MySQL server, as bytes (MySQL internals, "Connection Phase Packets"). */

/** What a server says in an ERR packet. */
export interface MysqlError {
  readonly errno: number
  readonly message: string
  /** Absent in a packet that comes before the greeting. */
  readonly sqlState?: string
}

/** What a server can do, as it says in its greeting. */
const capabilities = {
  protocol41: 0x200,
  connectWithDb: 8,
  compress: 0x20,
  ssl: 0x800,
  secureConnection: 0x8000,
  pluginAuth: 0x80000,
}

/** A packet: its length, its number in the conversation, and the body. */
export function packet(sequence: number, ...body: readonly Buffer[]): Buffer {
  const content = Buffer.concat(body)
  const head = Buffer.alloc(4)
  head.writeUIntLE(content.length, 0, 3)
  head[3] = sequence
  return Buffer.concat([head, content])
}

export function errorPacket(sequence: number, { errno, message, sqlState }: MysqlError): Buffer {
  const number = Buffer.alloc(2)
  number.writeUInt16LE(errno)
  const state = sqlState === undefined ? '' : `#${sqlState}`
  return packet(sequence, Buffer.from([0xff]), number, Buffer.from(state + message))
}

export function okPacket(sequence: number): Buffer {
  return packet(sequence, Buffer.from([0, 0, 0, 2, 0, 0, 0]))
}

/** The greeting of a server. */
export function greeting({
  ssl = false,
  compress = false,
  plugin = 'mysql_native_password',
  version = '8.4.0',
} = {}): Buffer {
  const { protocol41, connectWithDb, secureConnection, pluginAuth } = capabilities
  const offered = (ssl ? capabilities.ssl : 0) | (compress ? capabilities.compress : 0)
  const flags = protocol41 | connectWithDb | secureConnection | pluginAuth | offered
  const numbers = Buffer.alloc(9)
  numbers.writeUInt16LE(flags & 0xffff, 0)
  numbers[2] = 45
  numbers.writeUInt16LE(2, 3)
  numbers.writeUInt16LE(flags >>> 16, 5)
  numbers[7] = 21
  return packet(
    0,
    Buffer.from([10]),
    Buffer.from(`${version}\0`),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('abcdefgh\0'),
    numbers.subarray(0, 8),
    Buffer.alloc(10),
    Buffer.from('ijklmnopqrst\0'),
    Buffer.from(`${plugin}\0`),
  )
}

/** Asks to log in with another method. */
export function authSwitch(sequence: number, plugin: string): Buffer {
  return packet(
    sequence,
    Buffer.from([0xfe]),
    Buffer.from(`${plugin}\0`),
    Buffer.from('abcdefghijklmnopqrst\0'),
  )
}

const textOf = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])

/** The answer to a query: columns of texts, and rows. */
export function resultSet(columns: readonly string[], rows: readonly (readonly string[])[]): Buffer {
  let sequence = 1
  const end = (): Buffer => packet(sequence++, Buffer.from([0xfe, 0, 0, 2, 0]))
  const definition = (name: string): Buffer =>
    packet(
      sequence++,
      ...['def', '', '', '', name, name].map(textOf),
      Buffer.from([0x0c, 45, 0, 255, 0, 0, 0, 253, 0, 0, 0, 0, 0]),
    )
  return Buffer.concat([
    packet(sequence++, Buffer.from([columns.length])),
    ...columns.map(definition),
    end(),
    ...rows.map((row) => packet(sequence++, ...row.map(textOf))),
    end(),
  ])
}
