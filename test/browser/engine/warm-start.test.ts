/** Training that starts from a trained head. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { CategoryId } from '../../../src/core/dataset/types'
import type { ModelSettings } from '../../../src/core/detection/types'
import { chooseBackend } from '../../../src/engine/device/backends'
import type { TrainEvent, TrainRequest, TrainedHead } from '../../../src/engine/head/protocol'
import { defaultRecipe, trainHead } from '../../../src/engine/head/train'
import {
  disc,
  expectNoLeakedTensors,
  recordingContext,
  square,
  syntheticTraining,
} from './fixtures'

const star = 'star' as CategoryId
/** Hard negatives and several epochs within few steps. */
const recipe = { ...defaultRecipe, imagesPerStep: 4, hardNegativeInterval: 7 }

async function run(
  changes: Omit<Partial<TrainRequest>, 'settings'> & { settings?: Partial<ModelSettings> } = {},
) {
  const { store, request } = syntheticTraining(6)
  const settings = { ...request.settings, ...changes.settings }
  const { context, events } = recordingContext<TrainEvent>()
  const head = await trainHead({ ...request, ...changes, settings }, store, context, recipe)
  const losses = events.flatMap((event) => (event.kind === 'step' ? [event.loss] : []))
  const checkpoints = events.flatMap((event) =>
    event.kind === 'checkpoint' ? [event.checkpoint] : [],
  )
  return { head, events, losses, checkpoints }
}

const warmSettings: Partial<ModelSettings> = { start: 'warm', steps: 20 }
/** No step changes anything, so that the head is what the training started from. */
const still: Partial<ModelSettings> = { steps: 2, learningRate: 0 }

/** One member's output layer as columns, one an output: the kernel's rows, then the bias. */
function outputColumns(head: TrainedHead, member: number): number[][] {
  const find = (name: string): Float32Array => {
    const weight = head.weights.find((item) => item.name === `member-${member}/output/${name}`)
    if (weight === undefined) throw new Error(`no ${name}`)
    return weight.values
  }
  const kernel = find('kernel')
  const bias = find('bias')
  return Array.from(bias, (value, output) => [
    ...kernel.filter((_, index) => index % bias.length === output),
    value,
  ])
}

const hiddenLayers = (head: TrainedHead) =>
  head.weights.filter(({ name }) => name.includes('/hidden/'))

let initial: TrainedHead
let scratchLosses: readonly number[]

beforeAll(async () => {
  await chooseBackend('wasm', () => undefined)
  const scratch = await run()
  initial = scratch.head
  scratchLosses = scratch.losses
})

describe('a warm start', () => {
  it('takes over every weight', async () => {
    const { head } = await run({ initial, settings: { ...still, start: 'warm' } })
    expect(head.weights).toEqual(initial.weights)
    expect(head.digest).toBe(initial.digest)
    expect((await run({ settings: still })).head.digest).not.toBe(initial.digest)
  })

  it('goes on where the head was, in half of the steps, leaving no tensor behind', async () => {
    await expectNoLeakedTensors(async () => {
      const { losses } = await run({ initial, settings: { start: 'warm' } })
      expect(scratchLosses).toHaveLength(25)
      expect(losses).toHaveLength(13)
      // Dropout, noise and sampling move the loss of a step by a third.
      expect(losses[0]).toBeLessThan((scratchLosses.at(-1) ?? 0) * 1.5)
      expect(losses[0]).toBeLessThan((scratchLosses[0] ?? 0) * 0.6)
      expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0)
    })
  })

  it('finds the classes by category; an added one starts as it would from scratch', async () => {
    const categories = [square, star, disc]
    const { head } = await run({ initial, categories, settings: { ...still, start: 'warm' } })
    const { head: fresh } = await run({ categories, settings: still })
    expect(hiddenLayers(head)).toEqual(hiddenLayers(initial))
    for (const member of [0, 1]) {
      const [discBefore, squareBefore, ...distances] = outputColumns(initial, member)
      const [, starFresh] = outputColumns(fresh, member)
      expect(outputColumns(head, member)).toEqual([
        squareBefore,
        starFresh,
        discBefore,
        ...distances,
      ])
    }
  })

  it('leaves out a class that is no longer wanted', async () => {
    const { request } = syntheticTraining(6)
    const examples = request.examples.map((example) => ({
      ...example,
      boxes: example.boxes.filter(({ categoryId }) => categoryId === square),
    }))
    const { head } = await run({
      initial,
      examples,
      categories: [square],
      settings: { ...still, start: 'warm' },
    })
    expect(head.categories).toEqual([square])
    expect(outputColumns(head, 1)).toEqual(outputColumns(initial, 1).slice(1))
  })

  it.each([
    ['hidden units', { hidden: 9 }, 'it has 8 hidden units, the settings ask for 9'],
    ['members', { committee: 3 }, 'it has 2 committee members, the settings ask for 3'],
  ])('says so when the settings ask for other %s', async (_, change, message) => {
    const asked = run({ initial, settings: { ...warmSettings, ...change } })
    await expect(asked).rejects.toThrow(
      `Training cannot start from the last round's head: ${message}. Set back what was changed in the model cell`,
    )
  })

  it('says all that differs, another projection included', async () => {
    const other = { ...initial, projectionId: 'older' }
    await expect(run({ initial: other, settings: { ...warmSettings, hidden: 4 } })).rejects.toThrow(
      'it has 8 hidden units, the settings ask for 4; it reads features of another input size, or that were fitted anew',
    )
  })

  it('needs a head, and a start from scratch none', async () => {
    await expect(run({ settings: warmSettings })).rejects.toThrow('needs a head to start from')
    await expect(run({ initial })).rejects.toThrow('to start from scratch, but a head')
  })
})

describe('the digest of a head', () => {
  it.each([
    ['from scratch', () => ({})],
    ['from a trained head', () => ({ initial, settings: warmSettings })],
  ])('%s is that of any run with the same seed, and of no other', async (_, request) => {
    const first = await run(request())
    expect(first.head.digest).toMatch(/^[0-9a-f]{64}$/)
    const again = await run(structuredClone(request()))
    expect(again.head.digest).toBe(first.head.digest)
    expect(again.losses).toEqual(first.losses)
    expect((await run({ ...request(), seed: 6 })).head.digest).not.toBe(first.head.digest)
  })

  it.each([
    ['from scratch', () => ({})],
    ['from a trained head', () => ({ initial, settings: warmSettings })],
  ])('%s is the same after interruptions', async (_, request) => {
    let now = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 2000))
    const straight = await run(request())
    clock.mockRestore()
    const middle = straight.checkpoints.filter(({ step }) => step < straight.losses.length)
    expect(middle.length).toBeGreaterThan(2)
    for (const checkpoint of middle) {
      const resumed = await run({ ...request(), checkpoint: structuredClone(checkpoint) })
      expect(resumed.events).toContainEqual({ kind: 'resumed', step: checkpoint.step })
      expect(resumed.head.digest).toBe(straight.head.digest)
    }
  })

  it('does not come from the checkpoint of a run with another start', async () => {
    const wasResumed = async (request: Parameters<typeof run>[0]): Promise<boolean> =>
      (await run(request)).events.some(({ kind }) => kind === 'resumed')
    const warm = { initial, settings: warmSettings }
    const checkpoint = (await run(warm)).checkpoints.at(-1)
    expect(await wasResumed({ ...warm, checkpoint })).toBe(true)
    expect(await wasResumed({ checkpoint })).toBe(false)
    const { head: other } = await run({ seed: 8 })
    expect(await wasResumed({ ...warm, initial: other, checkpoint })).toBe(false)
    const renamed = { ...initial, categories: [square, disc] }
    expect(await wasResumed({ ...warm, initial: renamed, checkpoint })).toBe(false)
  })
})
