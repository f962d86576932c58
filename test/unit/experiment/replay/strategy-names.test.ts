import { expect, it } from 'vitest'
import { parseVariant } from '../../../../src/core/experiment/replay/experiment-settings'
import { variantName } from '../../../../src/core/experiment/replay/strategy-names'

it('a variant is named by its strategy and the labels of what was set', () => {
  expect(variantName(parseVariant('uherding'))).toBe('UHerding')
  expect(variantName(parseVariant('uherding:utility=none'))).toBe(
    'UHerding, worth of an image: none',
  )
  expect(variantName(parseVariant('entropy:aggregation=top-k:k=3'))).toBe(
    'Entropy, aggregation over boxes: top-k, boxes summed by top-k: 3',
  )
})

it('what this version does not know keeps its id', () => {
  const later = { strategyId: 'of-a-later-version', parameters: { depth: 2 } }
  expect(variantName(later)).toBe('of-a-later-version, depth: 2')
})
