import { describe, expect, it } from 'vitest'
import { placeBoxes } from '../../../src/core/format/coco/place'
import type { CocoImage } from '../../../src/core/format/coco/types'

const box = { x: 10, y: 20, width: 30, height: 5 }

function image(
  width: number | undefined,
  height: number | undefined,
  fields: Partial<CocoImage> = {},
): CocoImage {
  return {
    fileName: 'a.jpg',
    width,
    height,
    leftOut: 0,
    boxes: [{ category: 0, box, crowd: false, area: 100 }],
    ...fields,
  }
}

const upright = { width: 100, height: 80, orientation: 1 }

describe('placeBoxes', () => {
  it('keeps boxes where the sizes agree', () => {
    const listed = image(100, 80)
    expect(placeBoxes(listed, upright)).toEqual({
      boxes: listed.boxes,
      complete: true,
      problem: undefined,
    })
  })

  it('turns boxes that are in the stored frame', () => {
    // stored 100 x 80, shown 80 x 100 after a quarter turn clockwise: x' = 80 - 20 - 5
    const placed = placeBoxes(image(100, 80), { width: 80, height: 100, orientation: 6 })
    expect(placed.boxes[0]?.box).toEqual({ x: 55, y: 10, width: 5, height: 30 })
    expect(placed.problem).toBeUndefined()
  })

  it('keeps boxes that are in the upright frame of a turned photo', () => {
    const placed = placeBoxes(image(80, 100), { width: 80, height: 100, orientation: 6 })
    expect(placed).toMatchObject({ boxes: [{ box }], problem: undefined })
  })

  it.each([
    [2, 100, 80],
    [3, 100, 80],
    [6, 90, 90],
  ])(
    'asks for a check where the size does not tell (orientation %i)',
    (orientation, width, height) => {
      const placed = placeBoxes(image(width, height), { width, height, orientation })
      expect(placed).toMatchObject({
        boxes: [{ box }],
        complete: true,
        problem: { severity: 'warning' },
      })
    },
  )

  it('scales boxes of another size of the photo, area included', () => {
    const placed = placeBoxes(image(200, 160), upright)
    expect(placed.boxes).toEqual([
      { category: 0, crowd: false, area: 25, box: { x: 5, y: 10, width: 15, height: 2.5 } },
    ])
    expect(placed.problem?.severity).toBe('warning')
  })

  it('leaves out boxes of another shape, and says that the image is incomplete', () => {
    expect(placeBoxes(image(100, 50), upright)).toMatchObject({
      boxes: [],
      complete: false,
      problem: { severity: 'error' },
    })
  })

  it('keeps an empty image complete whatever its size', () => {
    expect(placeBoxes(image(100, 50, { boxes: [] }), upright)).toEqual({
      boxes: [],
      complete: true,
      problem: undefined,
    })
  })

  it('clips boxes where the file gave no size', () => {
    const outside = { category: 0, box: { x: 200, y: 0, width: 5, height: 5 }, crowd: false }
    const across = { category: 0, box: { x: 95, y: 70, width: 50, height: 50 }, crowd: false }
    const placed = placeBoxes(image(undefined, undefined, { boxes: [outside, across] }), upright)
    expect(placed.boxes).toEqual([{ ...across, box: { x: 95, y: 70, width: 5, height: 10 } }])
    expect(placed.problem?.severity).toBe('warning')
  })

  it('is incomplete where objects had been left out', () => {
    expect(placeBoxes(image(100, 80, { leftOut: 2 }), upright).complete).toBe(false)
  })
})
