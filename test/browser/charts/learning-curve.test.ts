import { expect, test } from 'vitest'
import { curveCsv, fileName, pngBlob, svgDocument } from '../../../src/app/exports'
import type { CurvePoint } from '../../../src/core/notebook/curve-types'
import { drawLearningCurve } from '../../../src/ui/charts/draw-learning-curve'
import { drawLoss } from '../../../src/ui/charts/draw-loss'
import { printPalette, screenPalette } from '../../../src/ui/charts/palette'

const curve: readonly CurvePoint[] = [
  point(0, 10, 0.25, 'out-of-fold'),
  point(1, 20, 0.5, 'test-split'),
  point(2, 40, 0.75, 'test-split'),
]

function point(
  roundIndex: number,
  images: number,
  ap50: number | undefined,
  estimate: CurvePoint['estimate'],
): CurvePoint {
  const ap = ap50 === undefined ? undefined : ap50 / 2
  const counts = { images, boxes: images * 10, seconds: images * 60, clicks: images * 11 }
  return { roundIndex, ...counts, ap50, ap, estimate, strategyId: 'entropy' }
}

function draw(
  points = curve,
  xAxis: 'images' | 'boxes' | 'seconds' | 'clicks' = 'images',
): SVGSVGElement {
  const size = { width: 600, height: 300 }
  return drawLearningCurve(points, { ...size, xAxis, palette: printPalette, tips: false })
}

/** Where the markers of a figure stand, in pixels from the left and the top of the chart, by x. */
function markers(svg: SVGSVGElement, metric: 'AP50' | 'AP'): { x: number; y: number }[] {
  // As wide as it was drawn for: a chart shrinks into a narrower page.
  const host = document.createElement('div')
  host.style.width = '600px'
  host.append(svg)
  document.body.append(host)
  const frame = svg.getBoundingClientRect()
  const found = [...svg.querySelectorAll(`[aria-label*=": ${metric} "]`)].map((element) => {
    const box = element.getBoundingClientRect()
    return {
      x: (box.left + box.right) / 2 - frame.left,
      y: (box.top + box.bottom) / 2 - frame.top,
    }
  })
  host.remove()
  return found.toSorted((a, b) => a.x - b.x)
}

test('every round has a marker of AP50 and of AP that says its figures', () => {
  const labels = [...draw().querySelectorAll('[aria-label^="Round"]')].map((element) =>
    element.getAttribute('aria-label'),
  )
  expect(labels.toSorted()).toEqual([
    'Round 0: AP 0.125, out-of-fold estimate',
    'Round 0: AP50 0.250, out-of-fold estimate',
    'Round 1: AP 0.250, test split',
    'Round 1: AP50 0.500, test split',
    'Round 2: AP 0.375, test split',
    'Round 2: AP50 0.750, test split',
  ])
})

test.each([
  [1, ['0', '1']],
  [2, ['0', '1', '2']],
  [5, ['0', '1', '2', '3', '4', '5']],
  [40, ['0', '10', '20', '30', '40']],
])('counts %i images in whole ones', (images, ticks) => {
  const svg = draw([point(0, images, 0.5, 'test-split')])
  const labels = svg.querySelectorAll('[aria-label="x-axis tick label"] text')
  expect([...labels].map(({ textContent }) => textContent)).toEqual(ticks)
})

test.each(['images', 'boxes', 'seconds'] as const)(
  'markers stand where the figures say, against %s',
  (xAxis) => {
    const [a, b, c] = markers(draw(curve, xAxis), 'AP50')
    // Within the margins, 26 above and 36 below, the height shows 0 to 1; a marker snaps to half a pixel.
    const height = 300 - 26 - 36
    const offset = (y: number, ap50: number): number => Math.abs(y - (26 + height * (1 - ap50)))
    expect(offset(a.y, 0.25)).toBeLessThan(1)
    expect(offset(b.y, 0.5)).toBeLessThan(1)
    expect(offset(c.y, 0.75)).toBeLessThan(1)
    // Effort doubles from one round to the next on every axis; the axis starts at 36 with 0.
    expect((b.x - 36) / (a.x - 36)).toBeCloseTo(2, 1)
    expect((c.x - 36) / (b.x - 36)).toBeCloseTo(2, 1)
  },
)

test('the kind of estimate is the shape of the marker', () => {
  const svg = draw()
  expect(svg.querySelectorAll('path[aria-label^="Round"]')).toHaveLength(2)
  expect(svg.querySelectorAll('circle[aria-label^="Round"]')).toHaveLength(4)
  expect(svg.textContent).toContain('◇ out-of-fold estimate')
  expect(svg.textContent).toContain('● test split')
})

test('a round without a figure has no marker, and an empty curve still has axes', () => {
  const svg = draw([point(0, 10, undefined, undefined)])
  expect(svg.querySelectorAll('[aria-label^="Round"]')).toHaveLength(0)
  expect(draw([]).textContent).toContain('Labelled images')
})

test('an SVG file stands on its own, on white', () => {
  for (const palette of [printPalette, screenPalette]) {
    const size = { width: 600, height: 300, xAxis: 'images', palette, tips: false } as const
    const text = svgDocument(drawLearningCurve(curve, size))
    expect(text).not.toMatch(/var\(|currentcolor|<style|class=/i)
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml')
    expect(parsed.querySelector('parsererror')).toBeNull()
    const root = parsed.documentElement
    expect(root.namespaceURI).toBe('http://www.w3.org/2000/svg')
    expect([root.getAttribute('width'), root.getAttribute('height')]).toEqual(['600', '300'])
    expect(root.firstElementChild?.getAttribute('fill')).toBe('#ffffff')
    expect(root.querySelectorAll('circle')).toHaveLength(4)
  }
})

test('a PNG file has two pixels a unit and shows the curve on white', async () => {
  const blob = await pngBlob(draw())
  expect(blob.type).toBe('image/png')
  const bitmap = await createImageBitmap(blob)
  expect([bitmap.width, bitmap.height]).toEqual([1200, 600])
  const context = new OffscreenCanvas(1200, 600).getContext('2d')
  context?.drawImage(bitmap, 0, 0)
  const { data } = context?.getImageData(0, 0, 1200, 600) ?? { data: new Uint8ClampedArray() }
  expect([...data.slice(0, 4)]).toEqual([255, 255, 255, 255])
  let accent = 0
  for (let i = 0; i < data.length; i += 4)
    if (data[i] === 0x3b && data[i + 1] === 0x5b && data[i + 2] === 0xdb) accent++
  expect(accent).toBeGreaterThan(500)
})

test('a CSV file holds the curve exactly', () => {
  expect(curveCsv(curve.slice(0, 2))).toBe(
    'round,strategy,images,boxes,seconds,clicks,ap50,ap,estimate\r\n' +
      '0,entropy,10,100,600,110,0.25,0.125,out-of-fold\r\n' +
      '1,entropy,20,200,1200,220,0.5,0.25,test-split\r\n',
  )
})

test('file names come from the project, whatever it is called', () => {
  expect(fileName('Cows, from above!', 'curve.svg')).toBe('cows-from-above-curve.svg')
  expect(fileName('../../etc', 'curve.svg')).toBe('etc-curve.svg')
  expect(fileName('***', 'curve.svg')).toBe('curve.svg')
})

test('the loss line has a vertex a step; a log axis leaves out what has no logarithm', () => {
  const losses = [4, 2, 0, 1].map((loss, step) => ({ step, loss }))
  const size = { width: 300, height: 120, palette: printPalette, steps: 3 }
  const vertices = (log: boolean): number =>
    drawLoss(losses, { ...size, log })
      .querySelector('[aria-label="line"] path')
      ?.getAttribute('d')
      ?.split(/[ML]/).length ?? 0
  expect(vertices(false)).toBe(5)
  expect(vertices(true)).toBe(4)
})
