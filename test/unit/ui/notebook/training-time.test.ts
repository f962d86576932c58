import { describe, expect, it } from 'vitest'
import { trainingTime } from '../../../../src/ui/notebook/model/training-time'
import { model } from '../../notebook/cells'

const settings = { ...model, inputSize: 320, steps: 400, depth: 'head', start: 'scratch' } as const
const last = { model: settings, trainSeconds: 20 }

describe('trainingTime', () => {
  it('goes by the last training where that was alike', () => {
    expect(trainingTime(settings, last)).toContain('took 20 s for 400 steps')
    expect(trainingTime({ ...settings, steps: 600 }, last)).toContain('about 30 s')
    const deep = { ...settings, depth: 'full' } as const
    const deepLast = { model: deep, trainSeconds: 800 }
    expect(trainingTime({ ...deep, steps: 200 }, deepLast)).toContain('about 6 min 40 s')
  })

  it('warns of what the depth will cost where nothing alike was trained yet', () => {
    // 400 steps of the heads at 0.03 s, then 400 of the network at 0.75 s.
    const deep = { ...settings, depth: 'full' } as const
    expect(trainingTime(deep, undefined)).toContain('about 5 min 12 s on two CPU cores')
    expect(trainingTime(deep, last)).toContain('about 5 min 12 s on two CPU cores')
    // Four times the pixels.
    expect(trainingTime({ ...deep, inputSize: 640 }, last)).toContain('about 20 min 12 s')
  })

  it('says that the heads alone are quick after a deeper training', () => {
    const deepLast = { model: { ...settings, depth: 'decoder' }, trainSeconds: 200 } as const
    expect(trainingTime(settings, deepLast)).toContain('a small part of that')
  })
})
