import { expect, test } from 'vitest'
import { countCsv } from '../../../src/app/exports'
import type { Category, CategoryId, ImageId, ImageRecord } from '../../../src/core/dataset/types'
import { countOutput } from '../notebook/cells'

test('has a row for each image and class, those of which there is none included, to three decimals', () => {
  const named = (id: string, name: string) => ({ id, name })
  const categories = [named('c', 'Cow'), named('d', 'Dog, big')] as unknown as Category[]
  const images = [named('i', 'barn/1.jpg')] as unknown as ImageRecord[]
  const [cow, dog] = ['c', 'd'] as CategoryId[]
  const output = countOutput({
    threshold: 0.3,
    images: [
      {
        imageId: 'i' as ImageId,
        counts: [{ categoryId: dog, count: 4 / 3, deviation: Math.sqrt(2) / 3 }],
      },
      // It was removed since then.
      { imageId: 'gone' as ImageId, counts: [{ categoryId: cow, count: 2, deviation: 0.00049 }] },
    ],
    totals: [
      { categoryId: cow, count: 2, deviation: 0 },
      { categoryId: dog, count: 4 / 3, deviation: 0.5 },
    ],
  })
  expect(countCsv(output, categories, images).trim().split(/\r?\n/)).toEqual([
    'image,category,count,deviation,threshold',
    'barn/1.jpg,Cow,0,0,0.3',
    'barn/1.jpg,"Dog, big",1.333,0.471,0.3',
    'gone,Cow,2,0,0.3',
    'gone,"Dog, big",0,0,0.3',
  ])
})
