import { STATUS_CODES } from 'node:http'

/** One field of a request that is wrong, and why. */
export interface FieldError {
  /** Where it stands in the body, as a JSON pointer: `#/title`. */
  readonly pointer?: string
  /** The name of the query parameter. */
  readonly parameter?: string
  readonly detail: string
}

/** What an answer that is an error says beyond its status. */
export interface ProblemDetails {
  /** What is wrong, in a sentence. */
  readonly detail: string
  readonly errors?: readonly FieldError[]
  /** The database's problem, one of failsoft's codes. */
  readonly code?: string
  /** What to do about it. */
  readonly hint?: string
}

/** Thrown by a handler to answer with an error, as RFC 9457 writes it. */
export class HttpProblem extends Error {
  override name = 'HttpProblem'
  readonly status: number
  readonly details: ProblemDetails
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, details: ProblemDetails, headers: Readonly<Record<string, string>> = {}) {
    super(details.detail)
    this.status = status
    this.details = details
    this.headers = headers
  }

  toJSON(): object {
    return { type: 'about:blank', title: STATUS_CODES[this.status], status: this.status, ...this.details }
  }
}
