import { describe, expect, it } from 'vitest'
import type { ProjectId } from '../../../src/core/dataset/types'
import { defaultModelSettings } from '../../../src/core/detection/model-settings'
import { evaluateDetections } from '../../../src/core/evaluation/evaluate'
import {
  CURVE_COLUMNS,
  curveToRows,
  learningCurve,
} from '../../../src/core/notebook/learning-curve'
import type { CellId, RoundCell, RoundOutput } from '../../../src/core/notebook/types'

const output = (labeledImages: number, ap: number | undefined): RoundOutput => {
  const empty = evaluateDetections([], [])
  return {
    losses: [],
    trainSeconds: 9,
    backend: 'wasm',
    model: defaultModelSettings,
    weightsDigest: undefined,
    evaluation:
      ap === undefined ? undefined : { ...empty, metrics: { ...empty.metrics, ap, ap50: ap * 2 } },
    estimate: ap === undefined ? undefined : 'test-split',
    labeledImages,
    labeledBoxes: labeledImages * 7,
    labelSeconds: labeledImages * 56,
    // The second round has labels of a version that did not count.
    labelClicks: labeledImages === 10 ? 80 : undefined,
    trainedOn: [],
    fingerprint: 'f',
    finishedAt: 0,
  }
}

const round = (index: number, strategyId: string, result: RoundOutput | undefined): RoundCell => ({
  kind: 'round',
  id: `r${index}` as CellId,
  projectId: 'p' as ProjectId,
  position: index,
  index,
  settings: { strategyId, parameters: {}, batchSize: 10, seed: 1 },
  picks: [],
  output: result,
})

const cells = [
  round(1, 'entropy', output(20, 0.25)),
  round(0, 'random', output(10, undefined)),
  round(2, 'entropy', undefined),
]

describe('learningCurve', () => {
  it('has one point a finished round, in order', () => {
    expect(learningCurve(cells)).toEqual([
      {
        roundIndex: 0,
        images: 10,
        boxes: 70,
        seconds: 560,
        clicks: 80,
        ap50: undefined,
        ap: undefined,
        estimate: undefined,
        strategyId: 'random',
      },
      {
        roundIndex: 1,
        images: 20,
        boxes: 140,
        seconds: 1120,
        clicks: undefined,
        ap50: 0.5,
        ap: 0.25,
        estimate: 'test-split',
        strategyId: 'entropy',
      },
    ])
    expect(learningCurve([])).toEqual([])
  })

  it('becomes rows under the columns', () => {
    const rows = curveToRows(learningCurve(cells))
    expect(CURVE_COLUMNS.join()).toBe('round,strategy,images,boxes,seconds,clicks,ap50,ap,estimate')
    expect(rows).toEqual([
      [0, 'random', 10, 70, 560, 80, undefined, undefined, undefined],
      [1, 'entropy', 20, 140, 1120, undefined, 0.5, 0.25, 'test-split'],
    ])
  })
})
