import type {
  AcquisitionContext,
  ImageEvidence,
  LabeledEvidence,
} from '../../src/core/acquisition/types'
import type { CategoryId, ImageId } from '../../src/core/dataset/types'
import type { Detection } from '../../src/core/detection/types'
import type { TruthBox } from '../../src/core/evaluation/types'

/** What strategies are tested on: three categories, and images made of what a test says. */
export const rbc = 'c-rbc' as CategoryId
export const wbc = 'c-wbc' as CategoryId
export const platelets = 'c-platelets' as CategoryId

const categories = [rbc, wbc, platelets]
const categoryNames = new Map([
  [rbc, 'RBC'],
  [wbc, 'WBC'],
  [platelets, 'Platelets'],
])

/** A box of 10 x 10 pixels with no other class at its peak, on which a committee of two agrees, unless said otherwise. */
export function detection(
  score: number,
  categoryId: CategoryId = rbc,
  rest: Partial<Detection> = {},
): Detection {
  return {
    box: { x: 0, y: 0, width: 10, height: 10 },
    categoryId,
    score,
    classProbabilities: categories.map((id) => (id === categoryId ? score : 0)),
    memberScores: [score, score],
    ...rest,
  }
}

export type Evidence = Omit<ImageEvidence, 'imageId'>
export type LabeledImage = Omit<LabeledEvidence, 'imageId'>

/** Evidence by image id. */
export function contextOf(
  unlabeled: Readonly<Record<string, Evidence>>,
  labeled: Readonly<Record<string, LabeledImage>> = {},
  rest: Partial<AcquisitionContext> = {},
): AcquisitionContext {
  return {
    unlabeled: Object.entries(unlabeled).map(([id, evidence]) => ({
      imageId: id as ImageId,
      ...evidence,
    })),
    labeled: Object.entries(labeled).map(([id, evidence]) => ({
      imageId: id as ImageId,
      ...evidence,
    })),
    categories,
    categoryNames,
    cost: { secondsPerImage: 7, secondsPerBox: 7 },
    rounds: 1,
    ...rest,
  }
}

/** A labelled object, the n-th of a row in which none overlaps another. */
export function objectAt(n: number, categoryId: CategoryId): TruthBox {
  return { categoryId, box: { x: 20 * n, y: 0, width: 10, height: 10 }, crowd: false }
}

/** A labelled image that shows one box of each of the categories given. */
export function labeledWith(...shown: readonly CategoryId[]): LabeledImage {
  return {
    detections: undefined,
    truth: shown.map((categoryId) => ({
      categoryId,
      box: { x: 0, y: 0, width: 10, height: 10 },
      crowd: false,
    })),
  }
}
