import { describe, expect, it } from 'vitest'
import { readCoco } from '../../../src/core/format/coco/read'
import type { CocoDataset } from '../../../src/core/format/coco/types'
import { FormatError } from '../../../src/core/format/problem'

const CATEGORIES = [
  { id: 1, name: 'cow' },
  { id: 7, name: 'sheep' },
]
const IMAGES = [
  { id: 1, file_name: 'a.jpg', width: 100, height: 80 },
  { id: 2, file_name: 'b.jpg', width: 100, height: 80 },
]
const good = (fields: object = {}): object => ({
  id: 1,
  image_id: 1,
  category_id: 1,
  bbox: [10, 20, 30, 40],
  ...fields,
})

function read(file: {
  images?: unknown
  annotations?: unknown
  categories?: unknown
}): CocoDataset {
  return readCoco(
    JSON.stringify({ images: IMAGES, categories: CATEGORIES, annotations: [], ...file }),
    'labels.json',
  )
}

const readAnnotation = (fields: object): CocoDataset =>
  read({ annotations: [good({ id: 5, ...fields }), good({ id: 6, image_id: 2 })] })

/** What became of the record under test; the good record beside it must always stay. */
function outcome(dataset: CocoDataset): { boxes: unknown[]; problems: unknown[] } {
  expect(dataset.images[1]?.boxes).toHaveLength(1)
  return {
    boxes: [...(dataset.images[0]?.boxes ?? [])],
    problems: dataset.problems.map(
      ({ where, message, severity }) => `${severity}: ${where} ${message}`,
    ),
  }
}

describe('readCoco', () => {
  it('reads categories, images and boxes in file order', () => {
    const dataset = read({
      annotations: [
        good({ id: 1, category_id: 7 }),
        good({ id: 2, bbox: [0, 0, 100, 80], iscrowd: 1, area: 123 }),
      ],
    })
    expect(dataset).toEqual({
      categories: CATEGORIES,
      images: [
        {
          fileName: 'a.jpg',
          width: 100,
          height: 80,
          leftOut: 0,
          boxes: [
            { category: 1, box: { x: 10, y: 20, width: 30, height: 40 }, crowd: false },
            { category: 0, box: { x: 0, y: 0, width: 100, height: 80 }, crowd: true, area: 123 },
          ],
        },
        { fileName: 'b.jpg', width: 100, height: 80, leftOut: 0, boxes: [] },
      ],
      problems: [],
    })
  })

  it('accepts a byte order mark, and files without annotations', () => {
    expect(readCoco('\uFEFF{"images": []}', 'x').images).toEqual([])
  })

  it.each([
    ['', /^labels\.json is not valid JSON/],
    ['{"images": [', /^labels\.json is not valid JSON/],
    ['cat,dog', /^labels\.json is not valid JSON/],
    ['{"name": "margin", "version": 1}', /^labels\.json is not a COCO instances file/],
    ['{"images": {}, "annotations": []}', /^labels\.json is not a COCO instances file/],
    ['null', /^labels\.json is not a COCO instances file/],
    ['[{"image_id": 1, "score": 0.5}]', /^labels\.json holds a list, as COCO results files do/],
  ])('refuses %j', (text, message) => {
    expect(() => readCoco(text, 'labels.json')).toThrow(FormatError)
    expect(() => readCoco(text, 'labels.json')).toThrow(message)
  })

  it('reads the NaN and Infinity that Python writes, and leaves names alone', () => {
    const text = `{"images": [{"id": 1, "file_name": "NaN \\"Infinity\\".jpg", "width": 10, "height": 10}],
      "categories": [{"id": 1, "name": "NaN"}],
      "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [NaN, 0, 1, 1]},
        {"id": 2, "image_id": 1, "category_id": 1, "bbox": [0, 0, Infinity, -Infinity]},
        {"id": 3, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "area": NaN}]}`
    const dataset = readCoco(text, 'x')
    expect(dataset.categories[0]?.name).toBe('NaN')
    expect(dataset.images[0]?.fileName).toBe('NaN "Infinity".jpg')
    expect(dataset.images[0]?.boxes).toEqual([
      { category: 0, box: { x: 1, y: 2, width: 3, height: 4 }, crowd: false },
    ])
    expect(dataset.problems).toEqual([
      {
        where: 'x, annotations 1, 2',
        message: 'bbox that is not four finite numbers; left out.',
        severity: 'error',
        count: 2,
      },
    ])
  })
})

describe('a bad annotation is left out and reported', () => {
  const cases: [string, object, string][] = [
    ['unknown category', { category_id: 99 }, 'category id that is not listed; left out.'],
    ['unknown image', { image_id: 99 }, 'image id that is not listed; left out.'],
    ['box right of the image', { bbox: [100, 0, 5, 5] }, 'box outside the image; left out.'],
    ['box above the image', { bbox: [0, -10, 5, 10] }, 'box outside the image; left out.'],
    ['null', { bbox: [0, 0, null, 5] }, 'bbox that is not four finite numbers; left out.'],
    ['words', { bbox: [0, 0, 'wide', 5] }, 'bbox that is not four finite numbers; left out.'],
    ['empty text', { bbox: ['', 0, 5, 5] }, 'bbox that is not four finite numbers; left out.'],
    ['three numbers', { bbox: [0, 0, 5] }, 'bbox that is not four finite numbers; left out.'],
    ['an object', { bbox: { x: 1 } }, 'bbox that is not four finite numbers; left out.'],
    ['zero width', { bbox: [10, 10, 0, 5] }, 'box without width or height; left out.'],
    ['negative height', { bbox: [10, 10, 5, -5] }, 'box without width or height; left out.'],
    ['far away', { bbox: [1e308, 1e308, 1e308, 1e308] }, 'box outside the image; left out.'],
    ['no geometry', { bbox: undefined }, 'neither a bbox nor a polygon; left out.'],
    ['empty lists', { bbox: [], segmentation: [] }, 'neither a bbox nor a polygon; left out.'],
    [
      'a mask only',
      { bbox: undefined, segmentation: { counts: 'abc', size: [80, 100] } },
      'run-length mask and no bbox; left out. Export with boxes.',
    ],
  ]
  it.each(cases)('%s', (_name, fields, message) => {
    expect(outcome(readAnnotation(fields))).toEqual({
      boxes: [],
      problems: [`error: labels.json, annotation 5 ${message}`],
    })
  })

  it.each([['text'], [null], [17], [{ id: 5 }], [{ image_id: {}, category_id: 1 }]])(
    'a record that is %j',
    (record) => {
      expect(outcome(read({ annotations: [record, good({ id: 6, image_id: 2 })] }))).toEqual({
        boxes: [],
        problems: [
          'error: labels.json, annotation at position 0 no usable image_id or category_id; left out.',
        ],
      })
    },
  )

  it('marks the image incomplete where an object was lost, not where there was none', () => {
    expect(readAnnotation({ category_id: 99 }).images[0]?.leftOut).toBe(1)
    expect(readAnnotation({ bbox: undefined }).images[0]?.leftOut).toBe(1)
    expect(readAnnotation({ bbox: [10, 10, 0, 5] }).images[0]?.leftOut).toBe(0)
    expect(readAnnotation({ bbox: [500, 500, 5, 5] }).images[0]?.leftOut).toBe(0)
  })
})

describe('a doubtful annotation is used', () => {
  it('numbers and ids written as text are read', () => {
    const { boxes, problems } = outcome(
      readAnnotation({ image_id: '1', category_id: '7', bbox: ['10', '20.5', ' 3 ', '4'] }),
    )
    expect(boxes).toEqual([
      { category: 1, box: { x: 10, y: 20.5, width: 3, height: 4 }, crowd: false },
    ])
    expect(problems).toEqual([])
  })

  it('a box over the border is cut, and its area dropped', () => {
    const { boxes, problems } = outcome(readAnnotation({ bbox: [-10, 70, 1e308, 20], area: 50 }))
    expect(boxes).toEqual([
      { category: 0, box: { x: 0, y: 70, width: 100, height: 10 }, crowd: false },
    ])
    expect(problems).toEqual([
      'warning: labels.json, annotation 5 box that reaches out of the image; cut at the border.',
    ])
  })

  it('a pixel over the border is rounding: cut without a word', () => {
    const { boxes, problems } = outcome(readAnnotation({ bbox: [-1, 0, 102, 80.5] }))
    expect(boxes).toEqual([
      { category: 0, box: { x: 0, y: 0, width: 100, height: 80 }, crowd: false },
    ])
    expect(problems).toEqual([])
  })

  it('a polygon stands in for a missing bbox', () => {
    const segmentation = [
      [10, 20, 50, 25, 30, 60],
      [5, 30, 6, 30, 6, 31],
    ]
    const { boxes } = outcome(readAnnotation({ bbox: undefined, segmentation }))
    expect(boxes).toEqual([
      { category: 0, box: { x: 5, y: 20, width: 45, height: 40 }, crowd: false },
    ])
  })

  it.each([
    [1, true],
    [true, true],
    ['1', true],
    [0, false],
    [false, false],
    [null, false],
    ['no', false],
  ])('iscrowd %j is %j', (iscrowd, crowd) => {
    expect(readAnnotation({ iscrowd }).images[0]?.boxes[0]?.crowd).toBe(crowd)
  })

  it.each([-5, 0, null, 'large', 1200])('area %j adds nothing to the box', (area) => {
    expect(readAnnotation({ area }).images[0]?.boxes[0]).not.toHaveProperty('area')
  })
})

describe('duplicates', () => {
  it('the same annotation twice is used once', () => {
    const dataset = read({ annotations: [good(), good()] })
    expect(dataset.images[0]?.boxes).toHaveLength(1)
    expect(dataset.problems.map((problem) => problem.message)).toEqual(['listed twice; used once.'])
  })

  it('different annotations of one id are both used', () => {
    const dataset = read({ annotations: [good(), good({ bbox: [1, 1, 1, 1] })] })
    expect(dataset.images[0]?.boxes).toHaveLength(2)
    expect(dataset.problems.map((problem) => problem.severity)).toEqual(['warning'])
  })

  it('annotations without id are all used', () => {
    expect(
      read({ annotations: [good({ id: undefined }), good({ id: undefined })] }).images[0]?.boxes,
    ).toHaveLength(2)
  })

  it('images that share an id are left out with their boxes', () => {
    const images = [...IMAGES, { id: 1, file_name: 'c.jpg', width: 100, height: 80 }]
    const dataset = read({ images, annotations: [good({ id: 1 }), good({ id: 2, image_id: 2 })] })
    expect(dataset.images.map((image) => [image.fileName, image.boxes.length])).toEqual([
      ['b.jpg', 1],
    ])
    expect(dataset.problems.map(({ where, count }) => [where, count])).toEqual([
      ['labels.json, images a.jpg, c.jpg', 2],
      ['labels.json, annotation 1', 1],
    ])
  })

  it('an image listed twice keeps all its boxes', () => {
    const images = [IMAGES[0], { ...IMAGES[0], id: 3 }, IMAGES[0]]
    const dataset = read({
      images,
      annotations: [good({ id: 1 }), good({ id: 2, image_id: 3, bbox: [1, 1, 1, 1] })],
    })
    expect(dataset.images.map((image) => [image.fileName, image.boxes.length])).toEqual([
      ['a.jpg', 2],
    ])
    expect(dataset.problems).toMatchObject([{ severity: 'warning', count: 2 }])
  })

  it('categories of one id: the first is used', () => {
    const dataset = read({
      categories: [...CATEGORIES, { id: 1, name: 'goat' }, { id: 7, name: 'sheep' }],
    })
    expect(dataset.categories).toEqual(CATEGORIES)
    expect(dataset.problems.map(({ severity, where }) => `${severity} ${where}`)).toEqual([
      'error labels.json, category 1',
      'warning labels.json, category 7',
    ])
  })

  it('categories of one name are joined', () => {
    const dataset = read({
      categories: [...CATEGORIES, { id: 8, name: 'cow' }],
      annotations: [good({ category_id: 8 })],
    })
    expect(dataset.categories).toEqual(CATEGORIES)
    expect(dataset.images[0]?.boxes[0]?.category).toBe(0)
    expect(dataset.problems).toMatchObject([
      { severity: 'warning', where: 'labels.json, category 8' },
    ])
  })
})

describe('images and categories', () => {
  it('keeps markup in a category name as text', () => {
    const name = '<img src=x onerror=alert(1)>'
    expect(read({ categories: [{ id: 1, name }] }).categories).toEqual([{ id: 1, name }])
  })

  it.each([[undefined], [''], ['  '], [null], [{}]])(
    'names a category called %j after its id',
    (name) => {
      expect(read({ categories: [{ id: 3, name }] }).categories).toEqual([
        { id: 3, name: 'category 3' },
      ])
    },
  )

  it.each([[{ name: 'x' }], [null], ['cow'], [{ id: null, name: 'x' }]])(
    'leaves out the category %j',
    (record) => {
      const dataset = read({ categories: [record, ...CATEGORIES] })
      expect(dataset.categories).toEqual(CATEGORIES)
      expect(dataset.problems).toMatchObject([
        { severity: 'error', where: 'labels.json, category at position 0' },
      ])
    },
  )

  it.each([[{ id: 9 }], [null], [{ file_name: 'x.jpg' }], [{ id: 9, file_name: '' }]])(
    'leaves out the image %j',
    (record) => {
      const dataset = read({ images: [record, ...IMAGES] })
      expect(dataset.images.map((image) => image.fileName)).toEqual(['a.jpg', 'b.jpg'])
      expect(dataset.problems).toMatchObject([
        { severity: 'error', where: 'labels.json, image at position 0' },
      ])
    },
  )

  it.each([
    [undefined, 80],
    [100, 0],
    [-100, 80],
    [1e300, 80],
    ['wide', 80],
    [null, null],
  ])('goes without the size %j x %j, and does not clip', (width, height) => {
    const dataset = read({
      images: [{ id: 1, file_name: 'a.jpg', width, height }],
      annotations: [good({ bbox: [900, 0, 50, 50] })],
    })
    expect(dataset.images).toMatchObject([
      { width: undefined, height: undefined, boxes: [{ box: { x: 900 } }] },
    ])
    expect(dataset.problems).toMatchObject([
      { severity: 'warning', where: 'labels.json, image a.jpg' },
    ])
  })

  it('turns backslashes and a leading ./ of file names', () => {
    const dataset = read({ images: [{ ...IMAGES[0], file_name: '.\\images\\a.jpg' }] })
    expect(dataset.images[0]?.fileName).toBe('images/a.jpg')
  })
})

describe('size', () => {
  it('groups identical problems and names the first three', () => {
    const annotations = Array.from({ length: 1000 }, (_, index) =>
      good({ id: index, category_id: 50 }),
    )
    const { problems, images } = read({ annotations })
    expect(problems).toEqual([
      {
        where: 'labels.json, annotations 0, 1, 2 and 997 more',
        message: 'category id that is not listed; left out.',
        severity: 'error',
        count: 1000,
      },
    ])
    expect(images[0]?.leftOut).toBe(1000)
  })

  it('lists errors before warnings', () => {
    const dataset = read({
      annotations: [good({ id: 1, bbox: [50, 50, 500, 5] }), good({ id: 2, category_id: 50 })],
    })
    expect(dataset.problems.map((problem) => problem.severity)).toEqual(['error', 'warning'])
  })

  it('shortens a label that would fill the screen', () => {
    const [problem] = read({
      annotations: [good({ id: 'x'.repeat(10_000), category_id: 50 })],
    }).problems
    expect(problem?.where.length).toBeLessThan(120)
  })

  it('reads 1,000 categories', () => {
    const categories = Array.from({ length: 1000 }, (_, index) => ({
      id: index,
      name: `class ${index}`,
    }))
    const dataset = read({ categories, annotations: [good({ category_id: 999 })] })
    expect(dataset.categories).toHaveLength(1000)
    expect(dataset.images[0]?.boxes[0]?.category).toBe(999)
  })

  it('reads 100,000 annotations', () => {
    const annotations = Array.from({ length: 100_000 }, (_, index) =>
      good({ id: index, image_id: 1 + (index % 2) }),
    )
    expect(read({ annotations }).images.map((image) => image.boxes.length)).toEqual([
      50_000, 50_000,
    ])
  })
})
