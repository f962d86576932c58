/** The committee's answers inside a region are those it gives when it looks at the whole grid. */
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { rawOutputs, uploadMapHead } from '../../../src/engine/head/committee-outputs'
import { initialParameters, type HeadShape } from '../../../src/engine/head/head'
import { seededRandom } from '../../../src/core/random/seeded'

it.each([
  { row: 0, column: 0, rows: 8, columns: 12 },
  { row: 2, column: 4, rows: 4, columns: 6 },
  { row: 4, column: 0, rows: 4, columns: 12 },
  { row: 0, column: 10, rows: 8, columns: 2 },
])('region %o', async (region) => {
  await tf.setBackend('cpu')
  const random = seededRandom(1)
  const levels = [
    { coarseness: 1, channels: 3 },
    { coarseness: 2, channels: 4 },
    { coarseness: 2, channels: 2 },
  ]
  const features = {
    rows: 8,
    columns: 12,
    channels: 9,
    stride: 8,
    levels,
    scale: 0.05,
    codes: Int8Array.from({ length: 96 * 3 + 24 * 6 }, () => random.integer(255) - 127),
  }
  const shape: HeadShape = { channels: 9, members: 2, hidden: 5, outputs: 6 }
  const head = uploadMapHead(shape, initialParameters(shape, [1, 1, 1, 1], random), levels)
  const whole = await rawOutputs(head, features)
  const inside = await rawOutputs(head, features, region)
  tf.dispose(head)
  const { row, column, rows, columns } = region
  const expected = [0, 1].flatMap((member) =>
    Array.from({ length: rows }, (_, line) => {
      const first = ((member * 8 + row + line) * 12 + column) * 6
      return [...whole.subarray(first, first + columns * 6)]
    }).flat(),
  )
  expect(inside).toHaveLength(expected.length)
  inside.forEach((value, at) => expect(value).toBeCloseTo(expected[at] ?? NaN, 5))
})
