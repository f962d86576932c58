import { describe, expect, it } from 'vitest'
import { CATEGORY_COLORS, categoryColor, categoryKey } from '../../../src/core/dataset/palette'

type Rgb = readonly [number, number, number]

function linearRgb(hex: string): Rgb {
  const channel = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(linearRgb(a)), luminance(linearRgb(b))].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

/** Ottosson 2020. */
function oklab(hex: string): Rgb {
  const [r, g, b] = linearRgb(hex)
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

describe('category colours', () => {
  it('are twenty, written as #rrggbb', () => {
    expect(CATEGORY_COLORS).toHaveLength(20)
    for (const color of CATEGORY_COLORS) expect(color).toMatch(/^#[0-9a-f]{6}$/)
  })

  it.each(['#ffffff', '#15171c'])('stand out from the background %s', (background) => {
    for (const color of CATEGORY_COLORS) expect(contrast(color, background)).toBeGreaterThan(3)
  })

  it('are all well apart', () => {
    // An Oklab distance of 0.02 is just noticeable.
    const points = CATEGORY_COLORS.map(oklab)
    const distances = points.flatMap((a, i) =>
      points.slice(0, i).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
    )
    expect(Math.min(...distances)).toBeGreaterThan(0.1)
  })

  it('start over after the last', () => {
    expect(categoryColor(0)).toBe(CATEGORY_COLORS[0])
    expect(categoryColor(19)).toBe(CATEGORY_COLORS[19])
    expect(categoryColor(20)).toBe(CATEGORY_COLORS[0])
    expect(categoryColor(999)).toBe(CATEGORY_COLORS[19])
  })
})

describe('categoryKey', () => {
  it('goes along the number row and then stops', () => {
    const keys = Array.from({ length: 12 }, (_, order) => categoryKey(order))
    expect(keys).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '', ''])
  })
})
