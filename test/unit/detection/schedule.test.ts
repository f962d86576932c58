import { describe, expect, it } from 'vitest'
import { trainingSchedule } from '../../../src/core/detection/schedule'
import { defaultModelSettings } from '../../../src/core/detection/model-settings'

const settings = { ...defaultModelSettings, steps: 401, learningRate: 0.008 }

describe('trainingSchedule', () => {
  it('takes steps and rate as they are set from scratch', () => {
    expect(trainingSchedule(settings)).toEqual({
      steps: 401,
      headSteps: 401,
      peakRate: 0.008,
    })
  })

  it('takes half of the steps and of the rate from a trained head', () => {
    expect(trainingSchedule({ ...settings, start: 'warm' })).toEqual({
      steps: 201,
      headSteps: 201,
      peakRate: 0.004,
    })
    expect(trainingSchedule({ ...settings, start: 'warm', steps: 1 }).steps).toBe(1)
  })

  it('adds as many steps through the network where that is trained as well, all of them from a trained one', () => {
    for (const depth of ['decoder', 'full'] as const) {
      expect(trainingSchedule({ ...settings, depth })).toEqual({
        steps: 802,
        headSteps: 401,
        peakRate: 0.008,
      })
      expect(trainingSchedule({ ...settings, depth, start: 'warm' })).toEqual({
        steps: 201,
        headSteps: 0,
        peakRate: 0.004,
      })
    }
  })
})
