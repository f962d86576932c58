import { describe, expect, it } from 'vitest'
import { ActiveClock, LabelTimer } from '../../../src/app/annotator/clock'
import type { ImageId } from '../../../src/core/dataset/types'

describe('active time', () => {
  it('counts up to 15 seconds after the last input', () => {
    const clock = new ActiveClock(1000)
    clock.input(5000)
    expect(clock.take(9000)).toBe(8)
    expect(clock.take(60_000)).toBe(11)
    expect(clock.take(90_000)).toBe(0)
  })

  it('goes on with the next input, leaving the pause out', () => {
    const clock = new ActiveClock(0)
    clock.input(100_000)
    expect(clock.take(102_000)).toBe(17)
  })

  it('stands still while the page is hidden', () => {
    const clock = new ActiveClock(0)
    clock.setVisible(false, 4000)
    clock.setVisible(true, 10_000)
    expect(clock.take(13_000)).toBe(7)
  })
})

describe('time by image', () => {
  it('stays with the image it was spent on until it is taken', () => {
    const a = 'a' as ImageId
    const b = 'b' as ImageId
    const timer = new LabelTimer(a, 0)
    timer.turnTo(b, 3000)
    timer.turnTo(a, 8000)
    expect(timer.take(b, 9000)).toBe(5)
    expect(timer.take(a, 9000)).toBe(4)
    expect(timer.take(a, 9000)).toBe(0)
  })
})
