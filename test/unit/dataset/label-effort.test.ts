import { describe, expect, it } from 'vitest'
import { addEffort, isTimedFromNothing } from '../../../src/core/dataset/label-effort'

const measured = (addSeconds: number) =>
  ({ addSeconds, secondsSource: 'measured', addClicks: 1 }) as const
const answered = { addSeconds: 21, secondsSource: 'assumed', addClicks: 3 } as const
/** Labels as an import brings them. */
const imported = { seconds: 0, secondsSource: 'assumed', clicks: 0 } as const

describe('addEffort', () => {
  it('counts time by the clock as measured, whatever was there before', () => {
    expect(addEffort(undefined, measured(9))).toEqual({
      seconds: 9,
      secondsSource: 'measured',
      assumedSeconds: undefined,
      clicks: 1,
    })
    expect(addEffort(imported, measured(9))).toEqual({
      seconds: 9,
      secondsSource: 'measured',
      assumedSeconds: 0,
      clicks: 1,
    })
  })

  it('keeps what is assumed for an answer apart, if somebody was there before or corrects it', () => {
    const mixed = { seconds: 35, assumedSeconds: 21, clicks: 5 }
    const corrected = [answered, measured(9), measured(5)].reduce(addEffort, undefined)
    expect(corrected).toEqual({ ...mixed, secondsSource: 'measured' })
    const begun = [measured(9), measured(5), answered].reduce(addEffort, undefined)
    expect(begun).toEqual({ ...mixed, secondsSource: 'assumed' })
  })

  it('leaves the source as it was with a step that takes no time', () => {
    expect(addEffort(imported, {})).toEqual({ ...imported, assumedSeconds: 0 })
  })

  it('does not know the clicks where earlier ones were not counted', () => {
    const uncounted = { ...imported, clicks: undefined }
    expect(addEffort(uncounted, measured(1)).clicks).toBeUndefined()
  })
})

describe('isTimedFromNothing', () => {
  it('is true by the clock only, and where nothing came ready-made', () => {
    const drawn = addEffort(undefined, measured(9))
    expect(isTimedFromNothing(drawn)).toBe(true)
    expect(isTimedFromNothing(addEffort(undefined, {}))).toBe(false)
    expect(isTimedFromNothing(imported)).toBe(false)
    expect(isTimedFromNothing(addEffort(imported, measured(9)))).toBe(false)
    expect(isTimedFromNothing(addEffort(drawn, answered))).toBe(false)
  })

  it('judges labels of earlier versions by their source', () => {
    const earlier = { seconds: 9, clicks: 1 }
    expect(isTimedFromNothing({ ...earlier, secondsSource: 'measured' })).toBe(true)
    expect(isTimedFromNothing({ ...earlier, secondsSource: 'assumed' })).toBe(false)
  })
})
