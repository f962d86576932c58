import { afterEach, describe, expect, it } from 'vitest'
import '../../../src/ui/styles/base.css'

type Rgb = readonly [number, number, number]

/** The colour as it is drawn, whatever notation the token uses. */
function drawn(token: string): Rgb {
  const canvas = new OffscreenCanvas(1, 1)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser has no 2D canvas.')
  const color = getComputedStyle(document.documentElement).getPropertyValue(token).trim()
  if (color === '') throw new Error(`There is no token ${token}.`)
  context.fillStyle = color
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
  return [red, green, blue]
}

/** Relative luminance of WCAG 2.2. */
function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((channel) => {
    const value = channel / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
}

/** Contrast ratio of WCAG 2.2, 1..21. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(drawn(a)), luminance(drawn(b))].toSorted((x, y) => y - x)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

const surfaces = ['--bg', '--surface', '--surface-2']
const texts = [
  '--text',
  '--text-2',
  '--text-3',
  '--accent-text',
  '--danger',
  '--warning',
  '--success',
]
const pairs: readonly (readonly [string, string])[] = [
  ...texts.flatMap((text) => surfaces.map((surface) => [text, surface] as const)),
  ['--text', '--surface-3'],
  ['--text-2', '--surface-3'],
  ['--success', '--surface-3'],
  ['--text', '--accent-soft'],
  ['--text-2', '--accent-soft'],
  ['--accent-text', '--accent-soft'],
  ['--danger', '--danger-soft'],
  ['--warning', '--warning-soft'],
  ['--success', '--success-soft'],
  ['--on-accent', '--accent'],
  ['--on-accent', '--accent-hover'],
  ['--on-danger', '--danger'],
  ['--on-danger', '--danger-hover'],
]

describe.each(['light', 'dark'])('%s theme', (theme) => {
  afterEach(() => delete document.documentElement.dataset.theme)

  it.each(pairs)('%s on %s has a contrast of 4.5:1', (text, surface) => {
    document.documentElement.dataset.theme = theme
    expect(contrast(text, surface)).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['--border-control', '--focus', '--accent'])(
    '%s stands out 3:1 from every surface',
    (line) => {
      document.documentElement.dataset.theme = theme
      for (const surface of surfaces) expect(contrast(line, surface)).toBeGreaterThanOrEqual(3)
    },
  )
})
