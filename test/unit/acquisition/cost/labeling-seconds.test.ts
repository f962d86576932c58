import { describe, expect, it } from 'vitest'
import { labelingSeconds } from '../../../../src/core/acquisition/cost/labeling-seconds'
import { contextOf, detection } from '../../../helpers/acquisition-evidence'

describe('labelingSeconds', () => {
  it("is an image's time and that of its expected boxes; what nobody has looked at takes the mean", () => {
    const context = contextOf(
      {
        empty: { detections: [] },
        some: { detections: [detection(1), detection(0.5)] },
        unseen: { detections: undefined },
      },
      {},
      { cost: { secondsPerImage: 5, secondsPerBox: 8 } },
    )
    expect(labelingSeconds(context.unlabeled, context)).toEqual([5, 17, 11])
  })

  it("is an image's own time before there is a model, and never nothing", () => {
    const unseen = contextOf({ a: { detections: undefined } })
    expect(labelingSeconds(unseen.unlabeled, unseen)).toEqual([7])
    const free = { ...unseen, cost: { secondsPerImage: 0, secondsPerBox: 0 } }
    expect(labelingSeconds(free.unlabeled, free)).toEqual([0.001])
  })
})
