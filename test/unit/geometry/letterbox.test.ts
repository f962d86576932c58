import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLetterbox, toImageFrame, toInputFrame } from '../../../src/core/geometry/letterbox'

describe('letterbox', () => {
  it('scales the longer side to the input and centres the shorter', () => {
    expect(createLetterbox(640, 480, 320)).toEqual({
      size: 320,
      scale: 0.5,
      offsetX: 0,
      offsetY: 40,
      width: 320,
      height: 240,
    })
    expect(createLetterbox(100, 200, 320)).toMatchObject({ scale: 1.6, offsetX: 80, offsetY: 0 })
  })

  it('keeps the aspect of a box and maps corners by hand calculation', () => {
    const placement = createLetterbox(640, 480, 320)
    expect(toInputFrame({ x: 100, y: 20, width: 60, height: 30 }, placement)).toEqual({
      x: 50,
      y: 50,
      width: 30,
      height: 15,
    })
  })

  it('maps back what it mapped', () => {
    const length = fc.integer({ min: 1, max: 12_000 })
    fc.assert(
      fc.property(length, length, fc.constantFrom(128, 320, 512), (width, height, size) => {
        const placement = createLetterbox(width, height, size)
        const box = { x: width / 7, y: height / 3, width: width / 5, height: height / 2 }
        const back = toImageFrame(toInputFrame(box, placement), placement)
        for (const key of ['x', 'y', 'width', 'height'] as const) {
          expect(Math.abs(back[key] - box[key])).toBeLessThan(1e-8 * Math.max(width, height))
        }
      }),
    )
  })

  it('refuses an image without extent', () => {
    expect(() => createLetterbox(0, 10, 320)).toThrow('0 x 10')
    expect(() => createLetterbox(NaN, 10, 320)).toThrow(RangeError)
  })
})
