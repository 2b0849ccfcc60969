import { parentPort, workerData } from 'node:worker_threads'

// Says when it is time, on a thread that does nothing else: what keeps the program itself from hearing it counts as waiting.
const { perSecond, seconds } = workerData as { readonly perSecond: number; readonly seconds: number }
const pause = new Int32Array(new SharedArrayBuffer(4))
const started = performance.timeOrigin + performance.now()
for (let count = 1; count <= perSecond * seconds; count++) {
  const due = started + (count * 1000) / perSecond
  Atomics.wait(pause, 0, 0, Math.max(0, due - performance.timeOrigin - performance.now()))
  // A thread has no origin.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage(due)
}
