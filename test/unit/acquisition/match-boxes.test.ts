import { expect, it } from 'vitest'
import { matchBoxes } from '../../../src/core/acquisition/match-boxes'
import { detection, rbc, wbc } from '../../helpers/acquisition-evidence'

const at = (x: number, categoryId = rbc) =>
  detection(0.5, categoryId, { box: { x, y: 0, width: 10, height: 10 } })

it('pairs the largest overlaps first, each box once', () => {
  const [a0, a4] = [at(0), at(4)]
  const [b3, b100] = [at(3), at(100)]
  // IoU of boxes 10 wide shifted by 1: 90 / 110; by 3: 70 / 130. The second pair loses its partner to the first.
  expect(matchBoxes([a0, a4], [b3, b100])).toEqual({
    matched: [{ a: a4, b: b3, iou: 90 / 110 }],
    onlyA: [a0],
    onlyB: [b100],
  })
})

it('pairs boxes of different classes, those of one class first where overlaps are equal', () => {
  const [red, white] = [at(0, rbc), at(0, wbc)]
  const [otherWhite, otherRed] = [at(0, wbc), at(0, rbc)]
  const { matched } = matchBoxes([red, white], [otherWhite, otherRed])
  expect(matched.map(({ a, b }) => [a.categoryId, b.categoryId])).toEqual([
    [rbc, rbc],
    [wbc, wbc],
  ])
  expect(matchBoxes([red], [otherWhite]).matched).toHaveLength(1)
})

it('leaves boxes that only touch alone', () => {
  expect(matchBoxes([at(0)], [at(10)]).matched).toEqual([])
  expect(matchBoxes([], [])).toEqual({ matched: [], onlyA: [], onlyB: [] })
})
