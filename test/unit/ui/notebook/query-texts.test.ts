import { describe, expect, it } from 'vitest'
import { costText, queryTexts } from '../../../../src/ui/notebook/round/query-texts'

function texts(
  index: number,
  strategyId: string,
  parameters: Record<string, string | number> = {},
) {
  return queryTexts({ index, settings: { strategyId, parameters, batchSize: 10, seed: 1 } })
}

describe('queryTexts', () => {
  it('says what drew the seed set', () => {
    expect(texts(0, 'random')).toEqual(['drawn at random'])
    expect(texts(0, 'typiclust')).toEqual(['drawn by TypiClust'])
  })

  it('names a strategy and the parameters that were set as the interface does', () => {
    expect(texts(2, 'bald')).toEqual(['BALD'])
    expect(texts(2, 'entropy', { aggregation: 'top-k', k: 3 })).toEqual([
      'Entropy',
      'aggregation over boxes: top-k',
      'boxes summed by top-k: 3',
    ])
  })

  it('keeps the ids of what this version does not know', () => {
    expect(texts(1, 'of-a-later-version', { depth: 2 })).toEqual(['of-a-later-version', 'depth: 2'])
    expect(texts(1, 'random', { gone: 'yes' })).toEqual(['Random', 'gone: yes'])
  })
})

describe('costText', () => {
  it('says what labelling costs, and whether anybody measured it', () => {
    expect(costText({ secondsPerImage: 12, secondsPerBox: 4.5 })).toBe(
      'Where time counts: 12 s an image and 4.5 s a box, by the clock.',
    )
    expect(costText(undefined)).toBe('Where time counts: 7 s an image and 7 s a box, assumed.')
  })
})
