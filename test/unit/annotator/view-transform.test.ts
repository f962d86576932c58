import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clientToStage,
  fitView,
  imageToStage,
  maxScale,
  panBy,
  revealRectangle,
  stageToImage,
  type ViewTransform,
  zoomAround,
} from '../../../src/ui/annotator/view-transform'

const stage = { width: 1000, height: 600 }
const image = { width: 400, height: 300 }
const coordinate = fc.double({ min: -20_000, max: 20_000, noNaN: true })
const scale = fc.double({ min: 0.01, max: maxScale, noNaN: true })

describe('frames', () => {
  it('turns image into stage coordinates and back', () => {
    fc.assert(
      fc.property(scale, coordinate, coordinate, coordinate, coordinate, (s, tx, ty, x, y) => {
        const view = { scale: s, x: tx, y: ty }
        const there = stageToImage(view, imageToStage(view, { x, y }))
        // Rounding errors grow with the shift and shrink with the scale.
        expect(Math.abs(there.x - x)).toBeLessThan(1e-6)
        expect(Math.abs(there.y - y)).toBeLessThan(1e-6)
      }),
    )
  })

  it('maps by scale and shift', () => {
    expect(imageToStage({ scale: 2, x: 10, y: -5 }, { x: 30, y: 40 })).toEqual({ x: 70, y: 75 })
    expect(stageToImage({ scale: 2, x: 10, y: -5 }, { x: 70, y: 75 })).toEqual({ x: 30, y: 40 })
  })

  it('measures the pointer from the stage’s corner', () => {
    const element = { getBoundingClientRect: () => ({ left: 12, top: 50 }) } as Element
    expect(clientToStage({ clientX: 112, clientY: 75 }, element)).toEqual({ x: 100, y: 25 })
  })
})

describe('fitView', () => {
  it('centres the whole image with a margin of 16 on the tighter side', () => {
    // Height is tighter: (600 - 32) / 300 = 1.8933.
    const view = fitView(image, stage)
    expect(view.scale).toBeCloseTo(568 / 300, 12)
    expect(view.y).toBeCloseTo(16, 9)
    expect(view.x).toBeCloseTo((1000 - (400 * 568) / 300) / 2, 9)
  })

  it('shows a 12,000 x 9,000 photo whole', () => {
    const view = fitView({ width: 12_000, height: 9000 }, stage)
    expect(view.scale).toBeCloseTo(568 / 9000, 12)
  })
})

describe('zoomAround', () => {
  it('keeps the image point under the pointer where it is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 300, max: 700, noNaN: true }),
        fc.double({ min: 200, max: 400, noNaN: true }),
        fc.double({ min: 1.5, max: 30, noNaN: true }),
        (x, y, next) => {
          const view = fitView(image, stage)
          const zoomed = zoomAround(view, { x, y }, next, image, stage)
          const before = stageToImage(view, { x, y })
          const after = stageToImage(zoomed, { x, y })
          expect(after.x).toBeCloseTo(before.x, 6)
          expect(after.y).toBeCloseTo(before.y, 6)
          expect(zoomed.scale).toBe(next)
        },
      ),
    )
  })

  it('stops at 40 and at half the fitting scale, but always allows 1:1', () => {
    const view = fitView(image, stage)
    const centre = { x: 500, y: 300 }
    expect(zoomAround(view, centre, 1e9, image, stage).scale).toBe(40)
    expect(zoomAround(view, centre, 1e-9, image, stage).scale).toBeCloseTo(568 / 600, 12)
    const small = { width: 20, height: 20 }
    // Fits at 28.4; half of that would forbid 1:1.
    expect(zoomAround(fitView(small, stage), centre, 1, small, stage).scale).toBe(1)
  })
})

describe('panBy and revealRectangle', () => {
  it('keeps 48 stage pixels of the image in sight', () => {
    fc.assert(
      fc.property(coordinate, coordinate, (dx, dy) => {
        const view = panBy(fitView(image, stage), dx, dy, image, stage)
        expect(view.x + image.width * view.scale).toBeGreaterThanOrEqual(48 - 1e-9)
        expect(view.x).toBeLessThanOrEqual(stage.width - 48)
        expect(view.y + image.height * view.scale).toBeGreaterThanOrEqual(48 - 1e-9)
        expect(view.y).toBeLessThanOrEqual(stage.height - 48)
      }),
    )
  })

  it('moves only as far as needed to show the rectangle with its margin', () => {
    const view: ViewTransform = { scale: 4, x: 0, y: 0 }
    const inside = { x: 50, y: 50, width: 20, height: 20 }
    expect(revealRectangle(view, inside, image, stage)).toBe(view)
    // Its right edge is at 4 * 270 = 1080; 1000 - 16 is wanted.
    const right = { x: 250, y: 50, width: 20, height: 20 }
    expect(revealRectangle(view, right, image, stage)).toEqual({ scale: 4, x: -96, y: 0 })
  })
})
