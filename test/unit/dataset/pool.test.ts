import { describe, expect, it } from 'vitest'
import { buildPool } from '../../../src/core/dataset/pool'
import type { ImageId, ImageLabel, Split } from '../../../src/core/dataset/types'

const image = (id: string, split: Split) => ({ id: id as ImageId, split })
const label = (id: string, status: ImageLabel['status']) => ({ imageId: id as ImageId, status })

describe('buildPool', () => {
  it('divides the pool by finished labels, leaves the test split out and keeps the order', () => {
    const images = [
      image('d', 'pool'),
      image('t1', 'test'),
      image('c', 'pool'),
      image('t2', 'test'),
      image('b', 'pool'),
      image('a', 'pool'),
    ]
    const labels = [
      label('a', 'done'),
      label('c', 'in-progress'),
      label('d', 'done'),
      label('t1', 'done'),
      label('gone', 'done'),
    ]
    expect(buildPool(images, labels)).toEqual({ labeled: ['d', 'a'], unlabeled: ['c', 'b'] })
  })
})
