import { describe, expect, it } from 'vitest'
import type { TargetBox } from '../../../src/core/detection/targets'
import { drawView, drawViews, viewBoxes, viewsPerImage } from '../../../src/core/detection/view'
import { createLetterbox, toInputFrame } from '../../../src/core/geometry/letterbox'
import { seededRandom } from '../../../src/core/random/seeded'

const limits = { mirror: true, zoom: 1.25, shift: 1, brightness: 0.2, colour: 0.1 }
const box = (x: number, y: number, width: number, height: number): TargetBox => ({
  box: { x, y, width, height },
  classIndex: 1,
  crowd: false,
})

describe('drawView', () => {
  it('stays within its limits, keeps the aspect, and mirrors half of the time', () => {
    const random = seededRandom(1)
    let mirrored = 0
    for (let index = 0; index < 400; index++) {
      const view = drawView(640, 480, 320, limits, random)
      const { size, scale, width, height, offsetX, offsetY } = view.letterbox
      expect(size).toBe(320)
      expect(scale).toBeGreaterThanOrEqual(0.5 / 1.25)
      expect(scale).toBeLessThanOrEqual(0.5 * 1.25)
      expect(width / scale).toBeCloseTo(640, 6)
      expect(height / scale).toBeCloseTo(480, 6)
      // Inside where it fits, over the edges on both sides where it does not.
      for (const [offset, length] of [
        [offsetX, width],
        [offsetY, height],
      ] as const) {
        expect(offset).toBeGreaterThanOrEqual(Math.min(0, size - length))
        expect(offset).toBeLessThanOrEqual(Math.max(0, size - length))
      }
      for (const gain of view.gains) {
        expect(gain).toBeGreaterThanOrEqual(0.8 * 0.9)
        expect(gain).toBeLessThanOrEqual(1.2 * 1.1)
      }
      if (view.mirrored) mirrored++
    }
    // Within four standard deviations of a fair coin's 200.
    expect(Math.abs(mirrored - 200)).toBeLessThan(40)
  })

  it('is the plain letterbox when nothing may change', () => {
    const still = { mirror: false, zoom: 1, shift: 0, brightness: 0, colour: 0 }
    const view = drawView(200, 100, 100, still, seededRandom(3))
    expect(view.letterbox).toEqual(createLetterbox(200, 100, 100))
    expect(view.gains).toEqual([1, 1, 1])
    expect(view.mirrored).toBe(false)
  })
})

describe('viewBoxes', () => {
  /** A 200 x 100 image on 100 x 100 pixels, enlarged so that 100 x 100 of its pixels are seen, from (40, 0) on. */
  const letterbox = { size: 100, scale: 1, offsetX: -40, offsetY: 0, width: 200, height: 100 }

  it('mirrors left and right', () => {
    const whole = { size: 200, scale: 1, offsetX: 0, offsetY: 50, width: 200, height: 100 }
    expect(viewBoxes([box(10, 20, 30, 40)], { mirrored: true, letterbox: whole })).toEqual([
      box(160, 20, 30, 40),
    ])
  })

  it('cuts boxes off where the view ends', () => {
    const seen = viewBoxes([box(30, 10, 40, 20)], { mirrored: false, letterbox })
    expect(seen).toEqual([box(40, 10, 30, 20)])
    const placed = toInputFrame(seen[0]?.box ?? box(0, 0, 0, 0).box, letterbox)
    expect(placed).toEqual({ x: 0, y: 10, width: 30, height: 20 })
  })

  it('asks nothing of objects that are mostly outside, and forgets those that are wholly so', () => {
    const seen = viewBoxes([box(10, 10, 40, 20), box(150, 10, 20, 20)], {
      mirrored: false,
      letterbox,
    })
    expect(seen).toEqual([{ ...box(40, 10, 10, 20), crowd: true }])
  })

  it('leaves crowds crowds', () => {
    const crowd = { ...box(60, 10, 20, 20), crowd: true }
    expect(viewBoxes([crowd], { mirrored: false, letterbox })).toEqual([crowd])
  })
})

describe('drawViews', () => {
  const views = (name: string, count: number) => drawViews(name, 640, 480, 320, count)

  it('draws the same views of an image every time, more of them after the same first ones', () => {
    expect(views('a', 4)).toEqual(views('a', 4))
    expect(views('a', 6).slice(0, 4)).toEqual(views('a', 4))
    expect(views('a', 4)).not.toEqual(views('b', 4))
    expect(views('a', 0)).toEqual([])
  })

  it('mirrors every other one, the first included', () => {
    expect(views('a', 4).map(({ mirrored }) => mirrored)).toEqual([true, false, true, false])
  })
})

describe('viewsPerImage', () => {
  it('gives as many as wanted while their memory is affordable, then fewer, then none', () => {
    expect(viewsPerImage(5, 0)).toBe(5)
    expect(viewsPerImage(5, 300)).toBe(5)
    expect(viewsPerImage(5, 301)).toBe(4)
    expect(viewsPerImage(5, 1500)).toBe(1)
    expect(viewsPerImage(5, 1501)).toBe(0)
  })
})
