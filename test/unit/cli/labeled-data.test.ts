import { describe, expect, it } from 'vitest'
import { shuffleLabels } from '../../../src/cli/labeled-data'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'

describe('shuffleLabels', () => {
  const images = Array.from({ length: 40 }, (_, index) => ({
    imageId: `image-${index}` as ImageId,
    blob: new Blob([String(index)]),
    truth: [
      {
        categoryId: 'thing' as CategoryId,
        box: { x: index, y: 0, width: 9, height: 9 },
        crowd: false,
      },
    ],
  }))
  const givers = (seed: number, from = images) =>
    new Map(shuffleLabels(from, seed).map(({ imageId, truth }) => [imageId, truth[0].box.x]))

  it('gives every label away once, and nearly none to its own image', () => {
    const given = givers(1)
    expect(new Set(given.values()).size).toBe(40)
    const own = images.filter(({ imageId }, index) => given.get(imageId) === index)
    expect(own.length).toBeLessThan(5)
  })

  it('depends on the seed, not on the order of the images', () => {
    expect(givers(1, [...images].reverse())).toEqual(givers(1))
    expect(givers(2)).not.toEqual(givers(1))
  })
})
