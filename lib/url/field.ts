/** A piece of the input: its raw text, and where it starts. */
export interface Piece {
  readonly text: string
  readonly start: number
}

/** A part of an address, decoded, with the piece that it was read from. */
export interface Field extends Piece {
  readonly value: string
}

/** A parameter of an address, decoded. */
export interface Setting extends Field {
  readonly name: string
}

/** What an address says, before any of it is given a meaning; lists of hosts and ports are still joined by commas, as in libpq. */
export interface Address {
  readonly user?: Field | undefined
  readonly password?: Field | undefined
  readonly host?: Field | undefined
  readonly port?: Field | undefined
  readonly database?: Field | undefined
  readonly settings: readonly Setting[]
}

/** A part of a piece. */
export function inside(piece: Piece, from: number, to: number = piece.text.length): Piece {
  return { text: piece.text.slice(from, to), start: piece.start + from }
}

/** Where a piece stands in the input. */
export function span(piece: Piece): { start: number; end: number } {
  return { start: piece.start, end: piece.start + piece.text.length }
}
