import { serve, type WorkerScope } from '../../../src/rpc/server'
import type { TestMethods } from './test-methods'

let calls = 0
let aborted = 0
let held = false

serve<TestMethods>(
  {
    add: ({ a, b }) => a + b,
    count: () => ++calls,
    abortedCalls: () => aborted,
    fail: ({ message }) => {
      throw new RangeError(message)
    },
    throwText: ({ message }) => {
      throw message as unknown as Error
    },
    countDown: async ({ from }, { signal, emit }) => {
      for (let left = from; left > 0; left--) {
        emit({ left })
        await new Promise((resolve) => setTimeout(resolve))
        signal.throwIfAborted()
      }
      return 'done'
    },
    hang: (_params, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted++
          reject(signal.reason)
        })
      }),
    spin: () => {
      for (;;);
    },
    stall: () => new Promise(() => undefined),
    report: async ({ times, everyMs }, { emit }) => {
      for (let time = 0; time < times; time++) {
        await new Promise((resolve) => setTimeout(resolve, everyMs))
        emit(time)
      }
      return 'done'
    },
    hold: (params) => {
      held = params.held
      return undefined
    },
    crash: () => {
      setTimeout(() => {
        throw new Error('crashed on purpose')
      })
      return new Promise(() => undefined)
    },
    sumBytes: ({ bytes }) => bytes.reduce((sum, byte) => sum + byte, 0),
    unclonable: () => (() => undefined) as unknown as string,
  },
  self as unknown as WorkerScope,
  { isAlive: () => held, everyMs: 100 },
)
