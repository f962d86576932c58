import { describe, expect, it } from 'vitest'
import { decodeDetections, type DecodeOptions } from '../../../src/core/detection/decode'
import { detectionSupport } from '../../../src/core/detection/support'
import { createLetterbox } from '../../../src/core/geometry/letterbox'
import { categories, committeeOutput, type AnsweredCell } from './committee'

const options: DecodeOptions = {
  categories,
  imageWidth: 40,
  imageHeight: 40,
  letterbox: createLetterbox(40, 40, 40),
  minScore: 0.1,
  maxIou: 0.6,
  limit: 100,
}

function supportOf(
  members: readonly Readonly<Record<number, AnsweredCell>>[],
  changes: Partial<DecodeOptions> = {},
): [string, number][] {
  const output = committeeOutput(members)
  const own = { ...options, ...changes }
  const detections = decodeDetections(output, own)
  const support = detectionSupport(output, own, detections)
  return detections.map(({ categoryId }, index) => [categoryId, support[index]])
}

describe('the support of a detection', () => {
  it('is itself where nothing else answers', () => {
    expect(supportOf([{ 5: { p: [0.9, 0.001] } }])).toEqual([['cat', 1]])
  })

  it('counts cells beside the peak whose boxes NMS merges into it, of its class and from the lowest score on', () => {
    expect(
      supportOf([
        {
          // Centre (15, 15): box x 5..25, y 5..25.
          5: { p: [0.9, 0.3] },
          // Centre (25, 15), left 2: box 5..35 x 5..25, IoU 400 / 600 = 0.67.
          6: { p: [0.4, 0.001], distances: [2, 1, 1, 1] },
          // Centre (5, 15): box clipped to 0..15 x 5..25, IoU 200 / 500 = 0.4: not this object's.
          4: { p: [0.4, 0.001] },
          // Centre (15, 25), top 2: box 5..25 x 5..35, but too unlikely.
          9: { p: [0.09, 0.001], distances: [1, 2, 1, 1] },
        },
      ]),
    ).toEqual([
      ['cat', 2],
      ['dog', 1],
    ])
  })

  it('goes by the mean of the committee: one member alone may fall short of the lowest score', () => {
    const beside = (p: number): AnsweredCell => ({ p: [p, 0.001], distances: [2, 1, 1, 1] })
    const peak: AnsweredCell = { p: [0.9, 0.001] }
    // (0.15 + 0.04) / 2 = 0.095 and (0.2 + 0.04) / 2 = 0.12.
    expect(
      supportOf([
        { 5: peak, 6: beside(0.15) },
        { 5: peak, 6: beside(0.04) },
      ]),
    ).toEqual([['cat', 1]])
    expect(
      supportOf([
        { 5: peak, 6: beside(0.2) },
        { 5: peak, 6: beside(0.04) },
      ]),
    ).toEqual([['cat', 2]])
  })

  it('goes to the best-scored of two detections that a box overlaps, and never to the bars', () => {
    const all: Record<number, AnsweredCell> = {
      // Boxes x 5..30 and 15..40, all y 5..25: IoU 15 / 35, two detections.
      5: { p: [0.8, 0.001], distances: [1, 1, 1.5, 1] },
      7: { p: [0.9, 0.001], distances: [2, 1, 1, 1] },
      // 5..40 overlaps each by 25 / 35.
      6: { p: [0.3, 0.001], distances: [2, 1, 1.5, 1] },
    }
    expect(supportOf([all])).toEqual([
      ['cat', 2],
      ['cat', 1],
    ])
    const bars = { imageHeight: 20, letterbox: createLetterbox(40, 20, 40) }
    // Rows 0 and 3 are bars: cell 1 does not answer though its box, cut to the image, is that of cell 5.
    const above: AnsweredCell = { p: [0.4, 0.001], distances: [1, 0.1, 1, 2] }
    expect(supportOf([{ 5: { p: [0.9, 0.001] }, 1: above }], bars)).toEqual([['cat', 1]])
  })
})
