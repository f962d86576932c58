/** Training that is interrupted, diverges, or runs out of memory. */
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chooseBackend } from '../../../src/engine/device/backends'
import { guardAllocations, type WasmHeap } from '../../../src/engine/device/out-of-memory'
import { PauseGate, Pacer } from '../../../src/engine/device/pacing'
import type { Checkpoint, TrainEvent, TrainRequest } from '../../../src/engine/head/protocol'
import { defaultRecipe, trainHead } from '../../../src/engine/head/train'
import { disc, recordingContext, syntheticTraining } from './fixtures'

/** Hard negatives and several epochs within few steps. */
const recipe = { ...defaultRecipe, imagesPerStep: 4, hardNegativeInterval: 7 }

beforeEach(async () => {
  await chooseBackend('wasm', () => undefined)
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** Checkpoints at every step: the clock runs fast. */
function hurryClock(): void {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 2000))
}

async function run(
  changes: Partial<TrainRequest> & { steps?: number; learningRate?: number } = {},
) {
  const { store, request } = syntheticTraining(6)
  const { steps = 20, learningRate = request.settings.learningRate, ...rest } = changes
  const settings = { ...request.settings, steps, learningRate }
  const { context, events } = recordingContext<TrainEvent>()
  const head = await trainHead({ ...request, settings, ...rest }, store, context, recipe)
  return { head, events, checkpoints: checkpointsOf(events) }
}

const checkpointsOf = (events: readonly TrainEvent[]): Checkpoint[] =>
  events.flatMap((event) => (event.kind === 'checkpoint' ? [event.checkpoint] : []))
const stepsOf = (events: readonly TrainEvent[]): number[] =>
  events.flatMap((event) => (event.kind === 'step' ? [event.step] : []))

describe('a checkpoint', () => {
  it('gives the weights of the uninterrupted run, from every step and after any number of interruptions', async () => {
    hurryClock()
    const straight = await run()
    const taken = new Set(straight.checkpoints.map(({ step }) => step))
    expect(taken.size).toBeGreaterThan(8)
    for (const checkpoint of straight.checkpoints) {
      // As it comes back from storage.
      const resumed = await run({ checkpoint: structuredClone(checkpoint) })
      expect(resumed.events).toContainEqual({ kind: 'resumed', step: checkpoint.step })
      expect(stepsOf(resumed.events)[0]).toBe(
        checkpoint.step < 20 ? checkpoint.step + 1 : undefined,
      )
      expect(resumed.head.weights).toEqual(straight.head.weights)
      const last = resumed.checkpoints.at(-1) ?? checkpoint
      expect(last.losses).toEqual(straight.checkpoints.at(-1)?.losses)
    }
    expect(straight.checkpoints.at(-1)).toMatchObject({ step: 20, rollbacks: 0 })
  })

  it('of another request is not used', async () => {
    const plain = await run({ seed: 6 })
    const other = await run()
    const checkpoint = other.checkpoints.at(-1)
    expect(checkpoint?.step).toBe(20)
    const changed = await run({ seed: 6, checkpoint })
    expect(changed.events.some(({ kind }) => kind === 'resumed')).toBe(false)
    expect(changed.head.weights).toEqual(plain.head.weights)
    const { request } = syntheticTraining(6)
    const relabelled = request.examples.map((example) => ({
      ...example,
      boxes: example.boxes.map((box) => ({ ...box, categoryId: disc })),
    }))
    const after = await run({ examples: relabelled, checkpoint })
    expect(stepsOf(after.events)).toHaveLength(20)
  })
})

describe('a rate that is far too high', () => {
  it('is lowered until the training recovers, and every rollback is told', async () => {
    const { events, head, checkpoints } = await run({ steps: 60, learningRate: 1e4 })
    const rollbacks = events.filter((event) => event.kind === 'rolled-back')
    expect(rollbacks.length).toBeGreaterThan(0)
    rollbacks.forEach(({ learningRate }, index) => {
      expect(learningRate).toBeCloseTo(1e3 / 10 ** index, 6)
    })
    for (const { values } of head.weights) expect(values.every(Number.isFinite)).toBe(true)
    const last = checkpoints.at(-1)
    expect(last).toMatchObject({ step: 60, rollbacks: rollbacks.length })
    expect(last?.losses).toHaveLength(60)
    expect(last?.losses.at(-1)).toBeLessThan(last?.losses[0] ?? 0)
  })

  it('gives the same weights every time', async () => {
    const [a, b] = [await run({ learningRate: 1e4 }), await run({ learningRate: 1e4 })]
    expect(a.head).toEqual(b.head)
  })
})

describe('a full WASM heap', () => {
  it('halves the batch until it fits, tells it, and keeps to it', async () => {
    // The narrowest place there is: malloc of the WASM module, which returns 0 when its heap cannot grow.
    await fullHeap(async (limit) => {
      // Outputs of a lone head on four images: 256 cells x 6 x 4 bytes.
      limit(5000)
      const before = tf.memory().numTensors
      const { settings } = syntheticTraining(6).request
      const { events, checkpoints } = await run({
        settings: { ...settings, committee: 1, steps: 20 },
      })
      const halved = events.filter((event) => event.kind === 'batch-halved')
      expect(halved.map(({ imagesPerStep }) => imagesPerStep)).toEqual([2])
      expect(halved[0]?.step).toBe(0)
      expect(checkpoints.at(-1)).toMatchObject({ step: 20, imagesPerStep: 2 })
      expect(tf.memory().numTensors).toBe(before)
    })
  })

  it('is an error when not even one image fits', async () => {
    await fullHeap(async (limit) => {
      limit(100)
      await expect(run()).rejects.toThrow('Out of memory: the WASM heap has no')
    })
  })
})

/** Runs `work` on a WASM backend of its own whose malloc has nothing above a limit. */
async function fullHeap(work: (limit: (bytes: number) => void) => Promise<void>): Promise<void> {
  tf.registerBackend('wasm-small', () => tf.findBackendFactory('wasm')(), 0)
  if (tf.getKernelsForBackend('wasm-small').length === 0)
    tf.copyRegisteredKernels('wasm', 'wasm-small')
  await tf.setBackend('wasm-small')
  const backend = tf.backend()
  if (!(backend instanceof BackendWasm)) throw new Error('not a WASM backend')
  const wasm = backend.wasm as unknown as WasmHeap
  wasm._malloc(8)
  const allocate = wasm._malloc
  let largest = Infinity
  wasm._malloc = (bytes) => (bytes > largest ? 0 : allocate(bytes))
  guardAllocations()
  try {
    await work((bytes) => {
      largest = bytes
    })
  } finally {
    await tf.setBackend('wasm')
    tf.removeBackend('wasm-small')
  }
}

describe('a pause', () => {
  it('holds the work, does not count as time, and lets a cancellation through', async () => {
    const gate = new PauseGate()
    const controller = new AbortController()
    const pacer = new Pacer(controller.signal, gate)
    await pacer.breathe()
    gate.close()
    const order: string[] = []
    const breath = pacer.breathe().then(() => order.push('went on'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    order.push('opened')
    gate.open()
    await breath
    expect(order).toEqual(['opened', 'went on'])
    expect(pacer.seconds).toBeLessThan(0.25)

    gate.close()
    const held = pacer.breathe()
    controller.abort(new DOMException('Cancelled', 'AbortError'))
    await expect(held).rejects.toThrow('Cancelled')
  })
})
