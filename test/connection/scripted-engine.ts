import type { ClassifiedError, Engine } from 'failsoft/knex'
import type { ManagedEngine } from '#lib/engine/managed-engine.js'

/** What a probe comes to. */
export type Answer = Awaited<ReturnType<Engine['probe']>>

export const good = { ok: true, latencyMs: 1, readOnly: false } as const
export const away = { code: 'connection-refused', message: 'It is away.', hint: 'Start it.' } as const
export const bad: Answer = { ok: false, latencyMs: 1, problem: away }
export const info = { dialect: 'postgres', driver: 'pg', target: 'postgres://h/d' } as const
const trouble: ClassifiedError = { ...away, kind: 'connection', retryable: true, reason: 'unreachable' }

/** An engine whose answers are given one by one, because what is tested is their order. */
export interface ScriptedEngine {
  readonly engine: ManagedEngine
  /** A statement fails because of its connection. */
  trouble(code?: ClassifiedError['code']): void
  /** Another host of the cluster is in use from now on. */
  move(hostNumber: number): void
  /** One for each probe. */
  readonly answers: ((answer: Answer) => void)[]
  /** What each probe was asked with. */
  readonly probes: unknown[]
  readonly gates: (undefined | (() => Error))[]
  /** What was done with the connections, in order. */
  readonly done: string[]
}

/** Makes one. */
export function scriptedEngine(): ScriptedEngine {
  const script = { answers: [], probes: [], gates: [], done: [] } as Pick<
    ScriptedEngine,
    'answers' | 'probes' | 'gates' | 'done'
  >
  let listener!: (found: ClassifiedError) => void
  const engine = {
    info,
    probe: (options: unknown) => {
      script.probes.push(options)
      return new Promise<Answer>((resolve) => script.answers.push(resolve))
    },
    setGate: (gate: () => Error) => script.gates.push(gate),
    dropConnections: () => script.done.push('drop'),
    suspectConnections: () => script.done.push('suspect'),
    onTrouble: (listen: typeof listener) => (listener = listen),
  }
  return {
    ...script,
    engine: engine as unknown as ManagedEngine,
    trouble: (code = trouble.code) => listener({ ...trouble, code }),
    move: (hostNumber) => void Object.assign(engine, { info: { ...info, hostNumber } }),
  }
}
