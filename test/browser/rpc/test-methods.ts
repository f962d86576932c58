export interface TestMethods {
  add: { params: { a: number; b: number }; result: number; event: never }
  /** How many times this worker was asked; a fresh worker starts at 1. */
  count: { params: undefined; result: number; event: never }
  abortedCalls: { params: undefined; result: number; event: never }
  fail: { params: { message: string }; result: never; event: never }
  throwText: { params: { message: string }; result: never; event: never }
  countDown: { params: { from: number }; result: string; event: { left: number } }
  hang: { params: undefined; result: never; event: never }
  /** An endless loop. */
  spin: { params: undefined; result: never; event: never }
  /** Never settles. */
  stall: { params: undefined; result: never; event: never }
  report: { params: { times: number; everyMs: number }; result: string; event: number }
  hold: { params: { held: boolean }; result: undefined; event: never }
  crash: { params: undefined; result: never; event: never }
  sumBytes: { params: { bytes: Uint8Array<ArrayBuffer> }; result: number; event: never }
  unclonable: { params: undefined; result: string; event: never }
}
