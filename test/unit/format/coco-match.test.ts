import { describe, expect, it } from 'vitest'
import { matchFiles } from '../../../src/core/format/coco/match'
import type { CocoDataset } from '../../../src/core/format/coco/types'

function listing(...fileNames: readonly string[]): CocoDataset {
  return {
    categories: [],
    images: fileNames.map((fileName) => ({ fileName, width: 1, height: 1, boxes: [], leftOut: 0 })),
    problems: [],
  }
}

function match(listed: readonly string[], paths: readonly string[], where = 'labels.json') {
  const { byPath, problems } = matchFiles(listing(...listed), paths, where)
  return {
    pairs: Array.from(byPath, ([path, image]) => [image.fileName, path]),
    problems: problems.map((problem) => `${problem.where} ${problem.message}`),
  }
}

describe('matchFiles', () => {
  it.each([
    ['the exact path', 'a/x.jpg', ['x.jpg', 'a/x.jpg', 'b/x.jpg'], 'labels.json', 'a/x.jpg'],
    [
      "the path from the label file's folder",
      'x.jpg',
      ['train/x.jpg', 'valid/x.jpg'],
      'valid/labels.json',
      'valid/x.jpg',
    ],
    [
      'the only path that ends so',
      'images/x.jpg',
      ['set.zip/images/x.jpg', 'set.zip/masks/x.jpg'],
      'labels.json',
      'set.zip/images/x.jpg',
    ],
    [
      'the only file of that name',
      '/home/me/x.jpg',
      ['photos/x.jpg', 'photos/y.jpg'],
      'labels.json',
      'photos/x.jpg',
    ],
    [
      'a decomposed accent',
      'k\u00fche.jpg',
      ['photos/ku\u0308he.jpg'],
      'labels.json',
      'photos/ku\u0308he.jpg',
    ],
  ])('takes %s', (_name, listed, paths, where, expected) => {
    expect(match([listed], paths, where)).toEqual({ pairs: [[listed, expected]], problems: [] })
  })

  it('does not take a file whose name only ends so', () => {
    expect(match(['x.jpg'], ['ax.jpg']).pairs).toEqual([])
  })

  it('reports missing files together', () => {
    expect(match(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'x.jpg'], ['x.jpg'])).toEqual({
      pairs: [['x.jpg', 'x.jpg']],
      problems: [
        'labels.json, images a.jpg, b.jpg, c.jpg and 1 more listed, but no such file was added; left out.',
      ],
    })
  })

  it('reports an image that fits two files', () => {
    const { pairs, problems } = match(['x.jpg'], ['a/x.jpg', 'b/x.jpg'])
    expect(pairs).toEqual([])
    expect(problems).toEqual([
      expect.stringMatching(
        /^labels\.json, image x\.jpg path that fits several of the files added/,
      ),
    ])
  })

  it('gives no file to two images', () => {
    const { pairs, problems } = match(
      ['a/x.jpg', 'b/x.jpg', 'c/x.jpg', 'y.jpg'],
      ['x.jpg', 'y.jpg'],
    )
    expect(pairs).toEqual([['y.jpg', 'y.jpg']])
    expect(problems).toHaveLength(1)
  })

  it('matches 20,000 files', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `${index}.jpg`)
    expect(
      match(
        names,
        names.map((name) => `set/${name}`),
      ).pairs,
    ).toHaveLength(20_000)
  })
})
