import { describe, expect, it } from 'vitest'
import { FormatError } from '../../../src/core/format/problem'
import { readResults } from '../../../src/core/format/coco/read-results'

const box = { image_id: 1, category_id: 7, bbox: [0, 1, 10, 20] }
const truth = { images: [{ id: 1 }], categories: [{ id: 7, name: 'cat' }], annotations: [box] }
const detections = [{ ...box, score: 0.9 }]
const read = (truthFile: unknown, results: unknown) => {
  const text = (content: unknown) =>
    typeof content === 'string' ? content : JSON.stringify(content)
  return readResults(
    { name: 'truth.json', text: text(truthFile) },
    { name: 'results.json', text: text(results) },
  )
}

describe('readResults', () => {
  it('reads boxes, areas and crowds, images in the order of their ids as numbers', () => {
    const { images, categories } = read(
      {
        images: [{ id: 10 }, { id: 9 }, { id: 100 }],
        categories: [{ id: 7 }, { id: 3 }],
        annotations: [
          { ...box, image_id: 9, area: 55, iscrowd: 1 },
          { ...box, image_id: 100, iscrowd: 0 },
        ],
      },
      [{ ...box, image_id: 10, category_id: 3, score: 0.25 }],
    )
    const expected = { x: 0, y: 1, width: 10, height: 20 }
    expect(categories).toEqual(['7', '3'])
    expect(images.map(({ truth: boxes }) => boxes)).toEqual([
      [{ categoryId: '7', box: expected, crowd: true, area: 55 }],
      [],
      [{ categoryId: '7', box: expected, crowd: false }],
    ])
    expect(images.map((image) => image.detections.length)).toEqual([0, 1, 0])
    expect(images[1].detections).toEqual([{ categoryId: '3', box: expected, score: 0.25 }])
    const ids = images.map(({ imageId }) => imageId)
    expect([...ids].sort()).toEqual(ids)
  })

  it.each<[string, unknown, unknown, RegExp]>([
    ['broken JSON', '{"images": [', detections, /^truth\.json is not valid JSON \(.*/],
    [
      'a list for truth',
      detections,
      detections,
      /^truth\.json is not an object .*: images is missing/,
    ],
    ['truth for a list', truth, truth, /^results\.json is not a list of \{image_id.*/],
    [
      'a score that is text',
      truth,
      [{ ...box, score: 'high' }],
      /^results\.json .*: 0\.score should be number, not "high"/,
    ],
    [
      'three numbers for a box',
      truth,
      [{ ...box, bbox: [0, 0, 10], score: 0.5 }],
      /^results\.json .*: 0\.bbox\.3 is missing/,
    ],
    [
      'an unknown image',
      truth,
      [...detections, { ...box, image_id: 2, score: 0.5 }],
      /^results\.json, \[1\] names image 2, which truth\.json does not have/,
    ],
    [
      'an unknown category',
      { ...truth, annotations: [box, { ...box, category_id: 8 }] },
      detections,
      /^truth\.json, annotations\[1\] names category 8/,
    ],
    ['an id twice', { ...truth, images: [{ id: 1 }, { id: 1 }] }, [], /image 1 is there twice/],
  ])('says what is wrong with %s', (_, truthFile, results, message) => {
    expect(() => read(truthFile, results)).toThrow(FormatError)
    expect(() => read(truthFile, results)).toThrow(message)
  })
})
