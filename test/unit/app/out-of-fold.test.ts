import { expect, test } from 'vitest'
import { foldJudges } from '../../../src/app/analysis/out-of-fold'
import type { ImageId } from '../../../src/core/dataset/types'
import { defaultModelSettings } from '../../../src/core/detection/model-settings'
import type { TrainedHead } from '../../../src/engine/head/protocol'

const weight = (name: string) => ({ name, shape: [1], values: Float32Array.of(1) })

/** Eleven members, so that the name of one begins with that of another. */
const head = (heldOut: TrainedHead['heldOut']): TrainedHead => ({
  categories: [],
  settings: { ...defaultModelSettings, committee: 11 },
  channels: 1,
  projectionId: 'p',
  weights: Array.from({ length: 11 }, (_, member) => [
    weight(`member-${member}/hidden/kernel`),
    weight(`member-${member}/output/kernel`),
  ]).flat(),
  digest: 'd',
  heldOut,
})

test('each image is judged by the one member that never saw it, as a committee of one', () => {
  const heldOut = Array.from({ length: 11 }, (_, member) =>
    member === 1 ? (['a', 'b'] as ImageId[]) : member === 10 ? (['c'] as ImageId[]) : [],
  )
  const judges = foldJudges(head(heldOut))
  expect(judges.map(({ imageIds }) => imageIds)).toEqual([['a', 'b'], ['c']])
  expect(judges.map(({ head: judge }) => judge.settings.committee)).toEqual([1, 1])
  expect(judges.map(({ head: judge }) => judge.weights.map(({ name }) => name))).toEqual([
    ['member-1/hidden/kernel', 'member-1/output/kernel'],
    ['member-10/hidden/kernel', 'member-10/output/kernel'],
  ])
})

test('where every member saw every image there is no judge', () => {
  expect(foldJudges(head(undefined))).toEqual([])
})
