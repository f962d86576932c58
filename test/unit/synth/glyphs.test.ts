import { expect, test } from 'vitest'
import { fittingHeight, textWidth } from '../../../src/synth/glyphs'
import { products, distractors } from '../../../src/synth/catalogue'

test('a letter is two thirds as wide as high; the next one starts 5.6 sixths further', () => {
  expect(textWidth('A', 6)).toBeCloseTo(4, 9)
  expect(textWidth('AB', 6)).toBeCloseTo(9.6, 9)
  expect(textWidth('', 6)).toBe(0)
})

test('a text is as high as allowed unless its width is the limit', () => {
  expect(fittingHeight('AB', 100, 3)).toBe(3)
  expect(textWidth('ALMA', fittingHeight('ALMA', 5, 3))).toBeCloseTo(5, 9)
})

test('no two packages carry the same brand', () => {
  const brands = [...products.map(({ packaging }) => packaging), ...distractors].map(
    ({ brand }) => brand,
  )
  expect(new Set(brands).size).toBe(brands.length)
})
