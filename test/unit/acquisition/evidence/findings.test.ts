import { describe, expect, it } from 'vitest'
import {
  judgedCategories,
  readFindings,
  readOutOfFold,
} from '../../../../src/core/acquisition/evidence/findings'
import type { CategoryId, ImageId } from '../../../../src/core/dataset/types'
import type { Calibration } from '../../../../src/core/calibration/types'
import type { Detection } from '../../../../src/core/detection/types'

const [cat, dog] = ['cat', 'dog'] as [CategoryId, CategoryId]
const imageId = 'image' as ImageId
const headCategories = [cat, dog]
const both = new Set(headCategories)

function seen(categoryId: CategoryId, score: number): Detection {
  const classProbabilities = categoryId === cat ? [score, 0.5] : [0.5, score]
  const box = { x: 0, y: 0, width: 10, height: 10 }
  return { box, categoryId, score, classProbabilities, memberScores: [score, 0.5] }
}

/** Temperature 0.5 squares the odds of cats: 0.8 (odds 4) becomes 16/17, 0.2 becomes 1/17. Dogs keep theirs. */
const calibration: Calibration = {
  categories: [
    {
      categoryId: cat,
      calibrator: { kind: 'temperature', temperature: 0.5 },
      samples: 10,
      correct: 5,
    },
    { categoryId: dog, calibrator: { kind: 'identity' }, samples: 0, correct: 0 },
  ],
}

const findings = {
  detections: [seen(cat, 0.8), seen(dog, 0.3), seen(cat, 0.2)],
  support: [7, 5, 3],
  peaks: [
    { categoryId: cat, memberScores: [0.8, 0.2] },
    { categoryId: dog, memberScores: [0.1, 0.2] },
  ],
  mirrored: [seen(cat, 0.2), seen(dog, 0.1)],
  answered: new Set<never>(),
}

describe('what a strategy is told of an image', () => {
  it('is what the model says where nothing was calibrated', () => {
    const evidence = readFindings(imageId, findings, { categories: both, headCategories })
    expect(evidence).toMatchObject({
      imageId,
      detections: findings.detections,
      support: [7, 5, 3],
      peaks: findings.peaks,
      mirrored: findings.mirrored,
    })
  })

  it('has every probability calibrated by its own category, score descending, support going along', () => {
    const seenMore = { ...findings, detections: [seen(dog, 0.9), seen(cat, 0.8)], support: [2, 9] }
    const evidence = readFindings(imageId, seenMore, {
      categories: both,
      headCategories,
      calibration,
    })
    expect(evidence.detections?.map(({ score }) => score)).toEqual([
      expect.closeTo(16 / 17, 6),
      0.9,
    ])
    expect(evidence.support).toEqual([9, 2])
    const [first] = evidence.detections ?? []
    expect(first?.memberScores).toEqual([expect.closeTo(16 / 17, 6), expect.closeTo(0.5, 6)])
    expect(first?.classProbabilities).toEqual([expect.closeTo(16 / 17, 6), 0.5])
    expect(evidence.peaks?.map(({ memberScores }) => memberScores)).toEqual([
      [expect.closeTo(16 / 17, 6), expect.closeTo(1 / 17, 6)],
      [0.1, 0.2],
    ])
    // The dog's 0.1 now exceeds the cat's 1/17.
    expect(evidence.mirrored?.map(({ categoryId }) => categoryId)).toEqual([dog, cat])
  })

  it('has nothing of categories that are gone', () => {
    const evidence = readFindings(imageId, findings, {
      categories: new Set([dog]),
      headCategories,
      calibration,
    })
    expect(evidence.detections?.map(({ categoryId }) => categoryId)).toEqual([dog])
    expect(evidence.support).toEqual([5])
    expect(evidence.peaks?.map(({ categoryId }) => categoryId)).toEqual([dog])
    expect(evidence.mirrored?.map(({ categoryId }) => categoryId)).toEqual([dog])
  })

  it('has no class probabilities of categories that are gone, nor of those the head does not know', () => {
    const [cow, hen] = ['cow', 'hen'] as [CategoryId, CategoryId]
    const box = { x: 0, y: 0, width: 10, height: 10 }
    const classProbabilities = [0.1, 0.8, 0.6]
    const found = { box, categoryId: cow, score: 0.6, classProbabilities, memberScores: [0.6, 0.6] }
    const seenByThree = { detections: [found], mirrored: [found], answered: new Set<never>() }
    // The head knows cats, dogs and cows; dogs were deleted and hens added since.
    const reading = { categories: new Set([hen, cow, cat]), headCategories: [cat, dog, cow] }
    expect(judgedCategories(reading)).toEqual([cat, cow])
    const evidence = readFindings(imageId, seenByThree, reading)
    expect(evidence.detections?.[0].classProbabilities).toEqual([0.1, 0.6])
    expect(evidence.mirrored?.[0].classProbabilities).toEqual([0.1, 0.6])
    const read = readOutOfFold({ detections: [found], support: [4] }, reading)
    expect(read?.detections[0].classProbabilities).toEqual([0.1, 0.6])
    expect(read?.support).toEqual([4])
  })

  it('says that nothing is known, rather than that nothing is there', () => {
    const evidence = readFindings(imageId, undefined, {
      categories: both,
      headCategories,
      calibration,
    })
    expect(evidence.detections).toBeUndefined()
    expect(evidence.support).toBeUndefined()
    expect(evidence.peaks).toBeUndefined()
    expect(evidence.mirrored).toBeUndefined()
  })
})

describe('out-of-fold detections', () => {
  it('are calibrated as detections are, and lose categories that are gone', () => {
    const outOfFold = { detections: findings.detections, support: findings.support }
    const read = readOutOfFold(outOfFold, { categories: both, headCategories, calibration })
    expect(read?.detections).toEqual(
      readFindings(imageId, findings, { categories: both, headCategories, calibration }).detections,
    )
    expect(read?.support).toEqual([7, 5, 3])
    const cats = readOutOfFold(outOfFold, {
      categories: new Set([cat]),
      headCategories,
      calibration,
    })
    expect(cats?.detections.map(({ score }) => score)).toEqual([
      expect.closeTo(16 / 17, 6),
      expect.closeTo(1 / 17, 6),
    ])
    expect(cats?.support).toEqual([7, 3])
  })

  it('stay as they are without a calibration, and unknown where they are', () => {
    const outOfFold = { detections: findings.detections, support: findings.support }
    expect(readOutOfFold(outOfFold, { categories: both, headCategories })).toEqual(outOfFold)
    expect(
      readOutOfFold(undefined, { categories: both, headCategories, calibration }),
    ).toBeUndefined()
  })
})
