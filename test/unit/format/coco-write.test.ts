import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  Annotation,
  AnnotationId,
  Category,
  CategoryId,
  ImageId,
  ImageRecord,
  ProjectId,
} from '../../../src/core/dataset/types'
import { readCoco } from '../../../src/core/format/coco/read'
import { writeCoco, type CocoExport } from '../../../src/core/format/coco/write'

const projectId = 'project' as ProjectId

function category(order: number, name: string): Category {
  return {
    id: `category-${order}` as CategoryId,
    projectId,
    name,
    color: '#000000',
    key: '',
    order,
  }
}

function image(order: number, name: string, width: number, height: number): ImageRecord {
  return {
    id: `image-${order}` as ImageId,
    projectId,
    name,
    sha256: '',
    mimeType: 'image/png',
    byteSize: 1,
    width,
    height,
    split: 'pool',
    importedAt: 0,
    order,
  }
}

function annotation(
  id: number,
  imageOrder: number,
  categoryOrder: number,
  box: Annotation['box'],
  crowd: boolean,
): Annotation {
  return {
    id: `annotation-${id}` as AnnotationId,
    projectId,
    imageId: `image-${imageOrder}` as ImageId,
    categoryId: `category-${categoryOrder}` as CategoryId,
    box,
    origin: 'drawn',
    crowd,
  }
}

const names = fc.uniqueArray(
  // any text, but the reader takes \ and a leading ./ for separators
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((name) => name.trim() !== '' && !/\\|^\.\//.test(name)),
  { minLength: 1, maxLength: 6 },
)

/** Eighths of a pixel are exact in floating point, so that x + width never rounds over the border. */
const span = (size: number) =>
  fc
    .tuple(fc.nat(size * 8 - 1), fc.nat(size * 8 - 1))
    .map(([a, b]) => ({ start: Math.min(a, b) / 8, length: (Math.abs(a - b) + 1) / 8 }))

const randomExport: fc.Arbitrary<CocoExport> = fc
  .record({
    categoryNames: names,
    images: names.chain((fileNames) =>
      fc.tuple(
        ...fileNames.map((name) =>
          fc.tuple(
            fc.constant(name),
            fc.integer({ min: 1, max: 4000 }),
            fc.integer({ min: 1, max: 4000 }),
          ),
        ),
      ),
    ),
  })
  .chain(({ categoryNames, images }) =>
    fc
      .array(
        fc.nat(images.length - 1).chain((imageOrder) => {
          const [, width, height] = images[imageOrder] ?? ['', 1, 1]
          return fc.tuple(
            fc.constant(imageOrder),
            fc.nat(categoryNames.length - 1),
            span(width),
            span(height),
            fc.boolean(),
          )
        }),
        { maxLength: 30 },
      )
      .map((drawn) => ({
        categories: categoryNames.map((name, order) => category(order, name)),
        images: images.map(([name, width, height], order) => image(order, name, width, height)),
        annotations: drawn.map(([imageOrder, categoryOrder, horizontal, vertical, crowd], id) =>
          annotation(
            id,
            imageOrder,
            categoryOrder,
            {
              x: horizontal.start,
              y: vertical.start,
              width: horizontal.length,
              height: vertical.length,
            },
            crowd,
          ),
        ),
      })),
  )

describe('writeCoco', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(randomExport, (data) => {
        const dataset = readCoco(writeCoco(data), 'x')
        expect(dataset).toEqual({
          categories: data.categories.map(({ name, order }) => ({ id: order + 1, name })),
          images: data.images.map((record) => ({
            fileName: record.name,
            width: record.width,
            height: record.height,
            leftOut: 0,
            boxes: data.annotations
              .filter((item) => item.imageId === record.id)
              .map(({ categoryId, box, crowd }) => ({
                category: data.categories.findIndex((item) => item.id === categoryId),
                box,
                crowd,
              })),
          })),
          problems: [],
        })
      }),
    )
  })

  it('writes what COCO tools expect', () => {
    const text = writeCoco({
      categories: [category(0, 'cow')],
      images: [image(0, 'a.jpg', 640, 480)],
      annotations: [annotation(0, 0, 0, { x: 1, y: 2, width: 3, height: 4.5 }, true)],
    })
    expect(JSON.parse(text)).toEqual({
      info: { description: 'Exported by Margin' },
      images: [{ id: 1, file_name: 'a.jpg', width: 640, height: 480 }],
      annotations: [
        {
          id: 1,
          image_id: 1,
          category_id: 1,
          bbox: [1, 2, 3, 4.5],
          area: 13.5,
          iscrowd: 1,
          segmentation: [],
        },
      ],
      categories: [{ id: 1, name: 'cow' }],
    })
  })

  it('numbers categories and images by their order, and writes no annotation of an image that is not listed', () => {
    const dataset = readCoco(
      writeCoco({
        categories: [category(1, 'second'), category(0, 'first')],
        images: [image(5, 'later.jpg', 9, 9), image(2, 'sooner.jpg', 9, 9)],
        annotations: [annotation(0, 77, 0, { x: 0, y: 0, width: 1, height: 1 }, false)],
      }),
      'x',
    )
    expect(dataset.categories.map((item) => item.name)).toEqual(['first', 'second'])
    expect(dataset.images.map((item) => [item.fileName, item.boxes.length])).toEqual([
      ['sooner.jpg', 0],
      ['later.jpg', 0],
    ])
    expect(dataset.problems).toEqual([])
  })

  it('refuses a category that is not listed', () => {
    const annotations = [annotation(0, 0, 4, { x: 0, y: 0, width: 1, height: 1 }, false)]
    expect(() => writeCoco({ categories: [], images: [image(0, 'a', 9, 9)], annotations })).toThrow(
      'No category has the id category-4',
    )
  })
})
