import { parentPort, workerData } from 'node:worker_threads'
import { Holder } from './holder.ts'
import type { Ask, Said, ThreadSettings } from './settings.ts'

/** What the data of this thread is known by: to import this module elsewhere does nothing. */
export interface ThreadData {
  readonly failsoftReplica?: ThreadSettings
}

const { failsoftReplica: settings } = (workerData ?? {}) as ThreadData
const port = settings && parentPort

if (port) {
  const say = (said: Said): void => port.postMessage(said)
  const holder = new Holder(settings, say)
  const answer = async ({ id, question, number = 0 }: Ask): Promise<void> => {
    try {
      say({ id, answer: await holder[question](number) })
    } catch (error) {
      say({ id, failure: (error as Error).message })
    }
    // Nothing else keeps the thread alive then.
    if (question === 'close') port.close()
  }
  port.on('message', (ask: Ask) => void answer(ask))
}
