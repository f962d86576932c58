import { expect, it } from 'vitest'
import { normalTail } from '../../../src/core/numeric/normal'

// scipy.stats.norm.sf(z)
it.each([
  [1.5, 0.06680720126885807],
  [1.96, 0.024997895148220435],
  [2.3841, 0.0085604746399957],
  [3.1037, 0.000955585066043951],
  [6, 9.865876450376946e-10],
])('P(Z > %d)', (z, expected) => {
  expect(normalTail(z) / expected).toBeCloseTo(1, 12)
})
