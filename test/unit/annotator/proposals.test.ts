import { describe, expect, it } from 'vitest'
import { openProposals, predictedCandidates } from '../../../src/app/annotator/proposals'
import { targetAfter } from '../../../src/app/annotator/target'
import type { Annotation, CategoryId, ImageId } from '../../../src/core/dataset/types'
import type { ImageDetections } from '../../../src/core/detection/types'

const cow = 'cow' as CategoryId
const gone = 'gone' as CategoryId
const at = (x: number) => ({ x, y: 0, width: 10, height: 10 })
const detection = (x: number, score: number, categoryId = cow) => ({
  box: at(x),
  categoryId,
  score,
  classProbabilities: [score],
  memberScores: [score],
})
const detections: ImageDetections = {
  imageId: 'image' as ImageId,
  detections: [
    detection(0, 0.9),
    detection(100, 0.8, gone),
    detection(200, 0.5),
    detection(300, 0.3),
  ],
}
const indexes = (
  annotations: readonly Annotation[],
  settled: readonly number[],
  threshold: number,
) =>
  openProposals(
    predictedCandidates(detections),
    annotations,
    new Set([cow]),
    new Set(settled),
    threshold,
  ).map(({ index }) => index)
const annotation = (x: number) => ({ id: 'a', box: at(x) }) as unknown as Annotation

describe('openProposals', () => {
  it('holds what reaches the threshold and has a class of the project', () => {
    expect(indexes([], [], 0.3)).toEqual([0, 2, 3])
    expect(indexes([], [], 0.31)).toEqual([0, 2])
  })

  it('leaves out what was decided', () => {
    expect(indexes([], [2], 0.3)).toEqual([0, 3])
  })

  it('leaves out objects that have a box: IoU 0.6 and more', () => {
    // Shifted by 2 of 10: IoU 8 / 12 = 0.67; by 3: 7 / 13 = 0.54.
    expect(indexes([annotation(2)], [], 0.3)).toEqual([2, 3])
    expect(indexes([annotation(3)], [], 0.3)).toEqual([0, 2, 3])
  })

  it('holds objects without a name, each at its own place in the list', () => {
    const candidates = [undefined, { kind: 'object', box: at(0), score: 0.4 } as const]
    expect(openProposals(candidates, [], new Set(), new Set(), 0.3)).toEqual([
      { kind: 'object', index: 1, box: at(0), score: 0.4 },
    ])
  })
})

describe('targetAfter', () => {
  const proposals = [4, 5, 6].map((index) => ({ index }))

  it('is the next that stays, else the first, else none', () => {
    expect(targetAfter(proposals, proposals.slice(0, 1))).toEqual({ kind: 'proposal', index: 5 })
    expect(targetAfter(proposals, proposals.slice(1))).toEqual({ kind: 'proposal', index: 4 })
    expect(targetAfter(proposals, proposals)).toBeUndefined()
  })
})
