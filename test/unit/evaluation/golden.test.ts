/** Every golden file holds truth, detections and the figures of the COCO reference evaluator. */
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evaluateFiles } from '../../../src/cli/evaluate'
import { accumulateCategory, groupByCategory } from '../../../src/core/evaluation/accumulate'
import { evaluateDetections } from '../../../src/core/evaluation/evaluate'
import { readResults, type NamedText } from '../../../src/core/format/coco/read-results'

type Figure = number | null

interface Golden {
  readonly groundTruth: {
    readonly images: readonly unknown[]
    readonly annotations: readonly { readonly iscrowd: 0 | 1 }[]
  }
  readonly detections: readonly unknown[]
  readonly expected: {
    readonly summary: Readonly<Record<string, Figure>>
    readonly perCategory: Readonly<Record<string, Readonly<Record<string, Figure>>>>
    readonly precisionAtIoU50: Readonly<Record<string, readonly Figure[]>>
  }
}

const folder = new URL('../../golden/cocoeval/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))

/** A golden file, and the two files in COCO's formats that it holds. */
function load(file: string): { golden: Golden; coco: [truth: NamedText, detections: NamedText] } {
  const golden = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden
  const named = (name: string, content: unknown) => ({ name, text: JSON.stringify(content) })
  return {
    golden,
    coco: [named('truth', golden.groundTruth), named('detections', golden.detections)],
  }
}

function expectFigure(actual: number | undefined, expected: Figure, what: string) {
  if (expected === null) expect(actual, what).toBeUndefined()
  else expect(Math.abs((actual ?? NaN) - expected), what).toBeLessThanOrEqual(1e-6)
}

describe('the evaluation of COCO files agrees with the reference evaluator', () => {
  it('finds the golden files', () => {
    expect(files).toHaveLength(10)
  })

  it.each(files)('%s: the twelve figures', (file) => {
    const { golden, coco } = load(file)
    const ours = evaluateFiles(...coco)
    expect(Object.keys(golden.expected.summary).sort()).toEqual(Object.keys(ours).sort())
    for (const [name, value] of Object.entries(golden.expected.summary)) {
      expectFigure(ours[name] ?? undefined, value, name)
    }
  })

  it.each(files)('%s: each category', (file) => {
    const { golden, coco } = load(file)
    const { images, categories } = readResults(...coco)
    const result = evaluateDetections(images, categories)
    const groups = groupByCategory(images, categories)
    expect(result.perCategory.map(({ categoryId }) => categoryId)).toEqual(categories)
    expect(Object.keys(golden.expected.perCategory).sort()).toEqual([...categories].sort())
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
    const { golden, coco } = load(file)
    const { images, categories } = readResults(...coco)
    const { imageCount, truthCount } = evaluateDetections(images, categories)
    const { annotations } = golden.groundTruth
    expect(imageCount).toBe(golden.groundTruth.images.length)
    expect(truthCount).toBe(annotations.filter((a) => a.iscrowd === 0).length)
  })
})
