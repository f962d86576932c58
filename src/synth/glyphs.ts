import type { Context } from './render-paint'

/**
 * A small stroke alphabet, so that print on packages looks the same on every machine whatever fonts
 * it has. A glyph is a list of polylines; each pair of digits is a point on a grid 4 wide and 6
 * high, top-left origin.
 */
const glyphs: Readonly<Record<string, string>> = {
  A: '06 20 46|14 34',
  B: '00 06 36 45 44 33 03|00 30 41 42 33',
  C: '41 30 10 01 05 16 36 45',
  D: '00 06 26 44 42 20 00',
  E: '40 00 06 46|03 33',
  F: '40 00 06|03 33',
  G: '41 30 10 01 05 16 36 45 43 23',
  H: '00 06|40 46|03 43',
  I: '20 26',
  J: '40 45 36 16 05',
  K: '00 06|40 03 46',
  L: '00 06 46',
  M: '06 00 23 40 46',
  N: '06 00 46 40',
  O: '10 30 41 45 36 16 05 01 10',
  P: '06 00 30 41 42 33 03',
  Q: '10 30 41 45 36 16 05 01 10|24 46',
  R: '06 00 30 41 42 33 03|23 46',
  S: '41 30 10 01 02 13 33 44 45 36 16 05',
  T: '00 40|20 26',
  U: '00 05 16 36 45 40',
  V: '00 26 40',
  W: '00 16 22 36 40',
  X: '00 46|40 06',
  Y: '00 23 40|23 26',
  Z: '00 40 06 46',
  0: '10 30 41 45 36 16 05 01 10',
  1: '11 20 26|16 36',
  2: '01 10 30 41 42 06 46',
  3: '01 10 30 41 42 33 44 45 36 16 05|13 33',
  4: '36 30 04 44',
  5: '40 00 03 33 44 45 36 06',
  6: '41 30 10 01 05 16 36 45 44 33 03',
  7: '00 40 16',
  8: '10 30 41 42 33 13 02 01 10|13 04 05 16 36 45 44 33',
  9: '05 16 36 45 41 30 10 01 02 13 43',
  '.': '25 26',
  '-': '03 43',
  '+': '03 43|21 25',
}

/** Advance of one letter in units of its height. */
const advance = 5.6 / 6

/** Width of a text drawn with `paintText`, in the unit of `height`. */
export function textWidth(text: string, height: number): number {
  return Math.max(0, text.length * advance - 1.6 / 6) * height
}

/**
 * Strokes `text` centred on (x, y) with letters `height` high and strokes `weight` (a fraction of
 * the height) thick. Letters without a glyph leave a gap.
 */
export function paintText(
  ctx: Context,
  text: string,
  x: number,
  y: number,
  height: number,
  color: string,
  weight = 0.2,
): void {
  const unit = height / 6
  ctx.strokeStyle = color
  ctx.lineWidth = height * weight
  ctx.lineCap = 'round'
  ctx.lineJoin = 'round'
  ctx.beginPath()
  let left = x - textWidth(text, height) / 2
  for (const letter of text) {
    for (const line of (glyphs[letter] ?? '').split('|').filter((part) => part !== '')) {
      line.split(' ').forEach((pair, index) => {
        const px = left + Number(pair[0]) * unit
        const py = y - height / 2 + Number(pair[1]) * unit
        if (index === 0) ctx.moveTo(px, py)
        else ctx.lineTo(px, py)
      })
    }
    left += height * advance
  }
  ctx.stroke()
}

/** The largest letter height at which `text` fits the given width and height. */
export function fittingHeight(text: string, width: number, height: number): number {
  return Math.min(height, width / textWidth(text, 1))
}
