import { expect, test } from 'vitest'
import type { CategoryId, ImageId } from '../../../../src/core/dataset/types'
import type { Box } from '../../../../src/core/geometry/box'
import type { ReviewItem } from '../../../../src/core/notebook/types'
import { suspectRegion } from '../../../../src/ui/notebook/review/suspect-region'

const cow = 'cow' as CategoryId

function suspect(seen: Box, label?: Box): ReviewItem {
  const base = {
    imageId: 'a' as ImageId,
    suspicion: 1,
    detection: { categoryId: cow, box: seen, score: 1, confidence: 1 },
    iou: 0,
    revision: 1,
    annotationId: undefined,
  }
  if (label === undefined) return { ...base, kind: 'overlooked' }
  return {
    ...base,
    kind: 'misplaced',
    label: { truthIndex: 0, categoryId: cow, box: label },
    usualIou: 1,
  }
}

const image = { width: 800, height: 600 }

test('shows both boxes in the middle of a region that is 2.2 times as long', () => {
  // Together 200 to 400 by 250 to 350: 440 long, about 300, 300.
  const region = suspectRegion(
    suspect(
      { x: 200, y: 250, width: 100, height: 100 },
      { x: 300, y: 250, width: 100, height: 100 },
    ),
    image,
  )
  expect(region.width).toBeCloseTo(440, 9)
  expect(region.height).toBeCloseTo(330, 9)
  expect(region.x).toBeCloseTo(80, 9)
  expect(region.y).toBeCloseTo(135, 9)
})

test('keeps to the image, and enlarges four times at most', () => {
  expect(suspectRegion(suspect({ x: 790, y: 0, width: 10, height: 10 }), image)).toEqual({
    x: 600,
    y: 0,
    width: 200,
    height: 150,
  })
})

test('shows the whole image where the boxes fill it, in the middle where it is narrower than 4 : 3', () => {
  const tall = { width: 300, height: 600 }
  expect(suspectRegion(suspect({ x: 0, y: 0, width: 300, height: 600 }), tall)).toEqual({
    x: -250,
    y: 0,
    width: 800,
    height: 600,
  })
})
