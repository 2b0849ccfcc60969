/** How a server program learns a part of its address. */
export interface AddressPart {
  readonly flags?: readonly string[]
  readonly variables?: readonly string[]
  /** Nothing where it depends on more than can be seen. */
  readonly default?: string
}

/** How a server program learns where to listen. */
export interface ServerRow {
  readonly port?: AddressPart
  readonly host?: AddressPart
  /** Flags that take `HOST:PORT`. */
  readonly bind?: readonly string[]
  /** Whether it serves only where one of those is given. */
  readonly needsBind?: boolean
  /** Variables that hold `HOST:PORT`. */
  readonly bindVariables?: readonly string[]
  /** Flags without a value that mean every interface. */
  readonly open?: readonly string[]
  /** An operand is a port or an address. */
  readonly operand?: 'port' | 'address'
  /** It serves only as one of these commands, such as `flask run`; '' stands for none. */
  readonly commands?: readonly string[]
  /** Flags that lead elsewhere: a socket, or a file that is not read. */
  readonly elsewhere?: readonly string[]
  /** Files that may say something else, in the folder where it starts. */
  readonly files?: readonly string[]
}

/** Servers by the name of their program. */
export type ServerTable = Readonly<Record<string, readonly ServerRow[]>>

export const everywhere = '0.0.0.0'
export const loopback = '127.0.0.1'
