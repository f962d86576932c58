import { expect, it } from 'vitest'
import {
  categoryRarity,
  labeledImagesByCategory,
} from '../../../../src/core/acquisition/worth/class-rarity'
import { contextOf, labeledWith, platelets, rbc, wbc } from '../../../helpers/acquisition-evidence'

const crowd = labeledWith(platelets).truth.map((truth) => ({ ...truth, crowd: true }))
const context = contextOf(
  {},
  {
    // Two boxes of a class in an image are one image; a crowd region is no box.
    a: labeledWith(rbc, rbc, wbc),
    b: labeledWith(rbc),
    c: { detections: undefined, truth: crowd },
    d: labeledWith(rbc),
  },
)

it('counts the labelled images that show a category', () => {
  expect([...labeledImagesByCategory(context)]).toEqual([
    [rbc, 3],
    [wbc, 1],
    [platelets, 0],
  ])
})

it('is 1 / (1 + labelled images), 1 for the rarest', () => {
  expect([...categoryRarity(context)]).toEqual([
    [rbc, 1 / 4],
    [wbc, 1 / 2],
    [platelets, 1],
  ])
  // 1/4 : 1/2 scaled by 2.
  expect([...categoryRarity({ ...context, categories: [rbc, wbc] }).values()]).toEqual([1 / 2, 1])
  expect([...categoryRarity(contextOf({})).values()]).toEqual([1, 1, 1])
})
