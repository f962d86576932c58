import { describe, expect, it } from 'vitest'
import {
  moneyText,
  savingText,
  signedDuration,
  timeSources,
} from '../../../../src/ui/notebook/experiment/effort-texts'

const saving = { target: 0.6, mean: -0.26, low: -0.58, high: 0.07, notReached: 0 }

describe('savingText', () => {
  it('says what is saved with its interval', () => {
    expect(savingText(saving, 1)).toBe('−26 % [−58, 7]')
  })

  it('turns round what is taken more, the smaller bound first', () => {
    expect(savingText(saving, -1)).toBe('26 % [−7, 58]')
  })

  it('has no interval for a single seed, and no negative zero', () => {
    expect(savingText({ ...saving, mean: -0.004, low: undefined, high: undefined }, 1)).toBe(
      '0 % [–]',
    )
  })
})

describe('timeSources', () => {
  const effort = { images: 2, boxes: 3, measuredSeconds: 0, assumedSeconds: 0, clicks: 0 }

  it('says what was measured, what is assumed, and that imports bring no time', () => {
    expect(timeSources({ ...effort, measuredSeconds: 9 })).toBe(' by the clock')
    expect(timeSources({ ...effort, assumedSeconds: 9 })).toContain('the oracle answered')
    expect(timeSources({ ...effort, measuredSeconds: 60, assumedSeconds: 9 })).toContain(
      '1 min 00 s by the clock, 9 s assumed',
    )
    expect(timeSources(effort)).toBe(' (imported labels come without the time they took)')
    expect(timeSources({ ...effort, images: 0 })).toBe('')
  })
})

describe('moneyText and signedDuration', () => {
  it('write amounts below 0 with a minus, unless they round to 0', () => {
    expect(moneyText(-6.034, 'EUR')).toBe('−6.03 EUR')
    expect(moneyText(-0.004, '')).toBe('0.00')
    expect(signedDuration(-668)).toBe('−11 min 08 s')
    expect(signedDuration(-0.4)).toBe('0 s')
  })
})
