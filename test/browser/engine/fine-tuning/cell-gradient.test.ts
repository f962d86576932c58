/** What the head asks of the features it reads. */
import { beforeAll, expect, it } from 'vitest'
import { seededRandom } from '../../../../src/core/random/seeded'
import { chooseBackend } from '../../../../src/engine/device/backends'
import { runNow } from '../../../../src/engine/device/device-work'
import { committeeGradient } from '../../../../src/engine/head/gradient'
import { headLayout, type HeadShape } from '../../../../src/engine/head/head'
import {
  createBatch,
  createTrainingSet,
  type CellBatch,
} from '../../../../src/engine/head/training-set'
import { expectNoLeakedTensors, syntheticTraining } from '../fixtures'

beforeAll(async () => {
  await chooseBackend('wasm', () => undefined)
})

it('is the slope of the mean loss at every cell', async () => {
  const { store, request } = syntheticTraining(2)
  const { images, channels } = createTrainingSet(request, store)
  const random = seededRandom(7)
  const limits = { positives: 6, hardNegatives: 0, randomNegatives: 4 }
  const batch = createBatch(
    images.map(({ views: [view] }) => view),
    limits,
    0,
    random,
  )
  const shape: HeadShape = { channels, members: 3, hidden: 5, outputs: 6 }
  const parameters = Float32Array.from(
    { length: headLayout(shape).size },
    () => 0.3 * random.normal(),
  )
  const dropout = Float32Array.from({ length: 3 * batch.cellCount * 5 }, () =>
    random.next() < 0.2 ? 0 : 1.25,
  )
  const at = (cells: Float32Array) => {
    const moved: CellBatch = { ...batch, cells }
    return runNow(committeeGradient(shape, parameters, moved, dropout, true))
  }
  await expectNoLeakedTensors(() => Promise.resolve(at(batch.cells)))
  const { cells: gradient = new Float32Array(0) } = at(batch.cells)
  expect(gradient).toHaveLength(batch.cellCount * channels)
  const step = 2 ** -9
  batch.cells.forEach((_, index) => {
    const shifted = (by: number): number =>
      at(batch.cells.map((value, position) => value + (position === index ? by : 0))).loss
    const numeric = (shifted(step) - shifted(-step)) / (2 * step)
    expect(Math.abs((gradient[index] ?? NaN) - numeric)).toBeLessThan(
      5e-3 * (1 + Math.abs(numeric)),
    )
  })
})
