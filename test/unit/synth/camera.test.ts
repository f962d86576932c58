import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toImage, toShelf, visibleShelf, type Camera } from '../../../src/synth/camera'

const straight: Camera = {
  centre: { x: 10, y: 20 },
  pixelsPerCm: 8,
  roll: 0,
  slantX: 0,
  slantY: 0,
  principal: { x: 320, y: 240 },
}

describe('camera', () => {
  test('without roll and slant it scales about the centre', () => {
    expect(toImage(straight, { x: 10, y: 20 })).toEqual({ x: 320, y: 240 })
    expect(toImage(straight, { x: 20, y: 15 })).toEqual({ x: 400, y: 200 })
  })

  test('a roll of a quarter turn carries shelf-right to image-down', () => {
    const point = toImage({ ...straight, roll: Math.PI / 2 }, { x: 20, y: 20 })
    expect(point.x).toBeCloseTo(320, 9)
    expect(point.y).toBeCloseTo(320, 9)
  })

  test('slant divides by 1 + s u', () => {
    // u = 100 px, so the denominator is 1.1.
    const point = toImage({ ...straight, slantX: 0.001 }, { x: 22.5, y: 32.5 })
    expect(point.x).toBeCloseTo(320 + 100 / 1.1, 9)
    expect(point.y).toBeCloseTo(240 + 100 / 1.1, 9)
  })

  test('toShelf undoes toImage', () => {
    const small = fc.double({ min: -0.0005, max: 0.0005, noNaN: true })
    const coordinate = fc.double({ min: -40, max: 40, noNaN: true })
    fc.assert(
      fc.property(
        small,
        small,
        fc.double({ min: -0.3, max: 0.3, noNaN: true }),
        coordinate,
        coordinate,
        (slantX, slantY, roll, x, y) => {
          const camera = { ...straight, slantX, slantY, roll }
          const back = toShelf(camera, toImage(camera, { x, y }))
          expect(back.x).toBeCloseTo(x, 6)
          expect(back.y).toBeCloseTo(y, 6)
        },
      ),
    )
  })

  test('the visible shelf of a straight camera is the image size over the scale', () => {
    expect(visibleShelf(straight, 640, 480)).toEqual({ left: -30, top: -10, right: 50, bottom: 50 })
  })
})
