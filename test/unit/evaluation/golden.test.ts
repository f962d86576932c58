/** Every golden file holds truth, detections and the figures of the COCO reference evaluator. */
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'
import { accumulateCategory, groupByCategory } from '../../../src/core/evaluation/accumulate'
import { evaluateDetections } from '../../../src/core/evaluation/evaluate'
import type { EvaluationImage } from '../../../src/core/evaluation/types'

type Bbox = readonly [number, number, number, number]
type Figure = number | null

interface Golden {
  readonly groundTruth: {
    readonly images: readonly { readonly id: number }[]
    readonly categories: readonly { readonly id: number }[]
    readonly annotations: readonly {
      readonly image_id: number
      readonly category_id: number
      readonly bbox: Bbox
      readonly area: number
      readonly iscrowd: 0 | 1
    }[]
  }
  readonly detections: readonly {
    readonly image_id: number
    readonly category_id: number
    readonly bbox: Bbox
    readonly score: number
  }[]
  readonly expected: {
    readonly summary: Readonly<Record<string, Figure>>
    readonly perCategory: Readonly<Record<string, Readonly<Record<string, Figure>>>>
    readonly precisionAtIoU50: Readonly<Record<string, readonly Figure[]>>
  }
}

const folder = new URL('../../golden/cocoeval/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))

const box = ([x, y, width, height]: Bbox) => ({ x, y, width, height })
const categoryId = (id: number) => String(id) as CategoryId

function load(file: string): { golden: Golden; images: EvaluationImage[]; ids: CategoryId[] } {
  const golden = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden
  const { images, annotations, categories } = golden.groundTruth
  return {
    golden,
    ids: categories.map(({ id }) => categoryId(id)),
    images: images.map(({ id }) => ({
      // Padded: the reference orders images by number, ours by string.
      imageId: String(id).padStart(8, '0') as ImageId,
      truth: annotations
        .filter((a) => a.image_id === id)
        .map((a) => ({
          categoryId: categoryId(a.category_id),
          box: box(a.bbox),
          crowd: a.iscrowd === 1,
          area: a.area,
        })),
      detections: golden.detections
        .filter((d) => d.image_id === id)
        .map((d) => ({ categoryId: categoryId(d.category_id), box: box(d.bbox), score: d.score })),
    })),
  }
}

function expectFigure(actual: number | undefined, expected: Figure, what: string) {
  if (expected === null) expect(actual, what).toBeUndefined()
  else expect(Math.abs((actual ?? NaN) - expected), what).toBeLessThanOrEqual(1e-6)
}

describe('evaluateDetections agrees with the reference evaluator', () => {
  it('finds the golden files', () => {
    expect(files).toHaveLength(10)
  })

  it.each(files)('%s: the twelve figures', (file) => {
    const { golden, images, ids } = load(file)
    const { metrics } = evaluateDetections(images, ids)
    const ours: Record<string, number | undefined> = {
      AP: metrics.ap,
      AP50: metrics.ap50,
      AP75: metrics.ap75,
      APs: metrics.apSmall,
      APm: metrics.apMedium,
      APl: metrics.apLarge,
      AR1: metrics.ar1,
      AR10: metrics.ar10,
      AR100: metrics.ar100,
      ARs: metrics.arSmall,
      ARm: metrics.arMedium,
      ARl: metrics.arLarge,
    }
    expect(Object.keys(golden.expected.summary).sort()).toEqual(Object.keys(ours).sort())
    for (const [name, value] of Object.entries(golden.expected.summary)) {
      expectFigure(ours[name], value, name)
    }
  })

  it.each(files)('%s: each category', (file) => {
    const { golden, images, ids } = load(file)
    const result = evaluateDetections(images, ids)
    const groups = groupByCategory(images, ids)
    expect(result.perCategory.map((c) => c.categoryId)).toEqual(ids)
    for (const { categoryId: id, ap, ap50, ap75, ar100 } of result.perCategory) {
      const expected = golden.expected.perCategory[id]
      const curve = accumulateCategory(groups.get(id) ?? []).byArea.get('all')
      expectFigure(ap, expected.AP, `${id} AP`)
      expectFigure(ap50, expected.AP50, `${id} AP50`)
      expectFigure(ap75, expected.AP75, `${id} AP75`)
      expectFigure(ar100, expected.AR100, `${id} AR100`)
      golden.expected.precisionAtIoU50[id].forEach((value, r) => {
        expectFigure(curve?.precision[r], value, `${id} precision at recall ${r} %`)
      })
    }
  })

  it.each(files)('%s: counts', (file) => {
    const { golden, images, ids } = load(file)
    const { imageCount, truthCount } = evaluateDetections(images, ids)
    const { annotations } = golden.groundTruth
    expect(imageCount).toBe(golden.groundTruth.images.length)
    expect(truthCount).toBe(annotations.filter((a) => a.iscrowd === 0).length)
  })
})
