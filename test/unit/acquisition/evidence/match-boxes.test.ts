import { expect, it } from 'vitest'
import { matchBoxes } from '../../../../src/core/acquisition/evidence/match-boxes'
import { detection, rbc, wbc } from '../../../helpers/acquisition-evidence'

const at = (x: number, categoryId = rbc, score = 0.5) =>
  detection(score, categoryId, { box: { x, y: 0, width: 10, height: 10 } })
const lowest = 0.1

it('pairs the largest overlaps first, each box once', () => {
  const [a0, a4] = [at(0), at(4)]
  const [b3, b100] = [at(3), at(100)]
  // IoU of boxes 10 wide shifted by 1: 90 / 110; by 3: 70 / 130. The second pair loses its partner to the first.
  expect(matchBoxes([a0, a4], [b3, b100], lowest)).toEqual({
    matched: [{ a: a4, b: b3, iou: 90 / 110 }],
    onlyA: [a0],
    onlyB: [b100],
  })
})

it('pairs boxes of different classes, those of one class first where overlaps are equal', () => {
  const [red, white] = [at(0, rbc), at(0, wbc)]
  const [otherWhite, otherRed] = [at(0, wbc), at(0, rbc)]
  const { matched } = matchBoxes([red, white], [otherWhite, otherRed], lowest)
  expect(matched.map(({ a, b }) => [a.categoryId, b.categoryId])).toEqual([
    [rbc, rbc],
    [wbc, wbc],
  ])
  expect(matchBoxes([red], [otherWhite], lowest).matched).toHaveLength(1)
})

it('leaves boxes that only touch alone', () => {
  expect(matchBoxes([at(0)], [at(10)], lowest).matched).toEqual([])
  expect(matchBoxes([], [], lowest)).toEqual({ matched: [], onlyA: [], onlyB: [] })
})

it('lets a faint box be the counterpart of a sure one, and not count otherwise', () => {
  const [sure, faint] = [at(0), at(1, rbc, 0.09)]
  const pair = { iou: 90 / 110 }
  const none = { onlyA: [], onlyB: [] }
  expect(matchBoxes([sure], [faint], lowest)).toEqual({
    matched: [{ a: sure, b: faint, ...pair }],
    ...none,
  })
  expect(matchBoxes([faint], [sure], lowest).matched).toEqual([{ a: faint, b: sure, ...pair }])
  expect(matchBoxes([faint], [faint], lowest)).toEqual({ matched: [], ...none })
  const enough = at(0, rbc, 0.1)
  expect(matchBoxes([enough], [], lowest).onlyA).toEqual([enough])
})

it('pairs two sure sightings of an object before a faint box that overlaps one of them more', () => {
  const red = at(0)
  // The faint one has an IoU of 1, the sure one of 80 / 120.
  const [faintWhite, otherRed] = [at(0, wbc, 0.09), at(2)]
  expect(matchBoxes([red], [faintWhite, otherRed], lowest)).toEqual({
    matched: [{ a: red, b: otherRed, iou: 80 / 120 }],
    onlyA: [],
    onlyB: [],
  })
})

it('leaves a sure box its faint counterpart where the other sure one may be a neighbour', () => {
  const red = at(0)
  // IoU 90 / 110 and 60 / 140.
  const [faint, neighbour] = [at(1, rbc, 0.09), at(4)]
  expect(matchBoxes([red], [faint, neighbour], lowest)).toEqual({
    matched: [{ a: red, b: faint, iou: 90 / 110 }],
    onlyA: [],
    onlyB: [neighbour],
  })
})
