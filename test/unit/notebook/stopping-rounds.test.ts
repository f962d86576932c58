import { expect, test } from 'vitest'
import { stoppingRounds } from '../../../src/core/notebook/stopping-rounds'
import { fresh, roundAt, roundOutput, withRound } from './cells'

test('finished rounds carry what the advice goes by, in the order they were played; others are left out', () => {
  const samples = { key: 'test', ap50: [0.4, 0.6] }
  const one = withRound(fresh(), ['a'], roundOutput({ labeledImages: 1 }))
  const output = roundOutput({ labeledImages: 2, labeledBoxes: 9, samples, agreement: 0.9 })
  const cells = withRound(withRound(one, ['b'], output), ['c'])
  const rounds = stoppingRounds([2, 1, 0].map((index) => roundAt(cells, index)))
  expect(rounds.map(({ index, images }) => [index, images])).toEqual([
    [0, 1],
    [1, 2],
  ])
  expect(rounds[1]).toEqual({
    index: 1,
    images: 2,
    boxes: 9,
    seconds: output.labelSeconds,
    ap50: output.evaluation?.metrics.ap50,
    estimate: output.estimate,
    samples,
    agreement: 0.9,
  })
  expect(rounds[0]).toMatchObject({ samples: undefined, agreement: undefined })
})
