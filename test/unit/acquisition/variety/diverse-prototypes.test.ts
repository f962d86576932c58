import { describe, expect, it } from 'vitest'
import {
  pickDiverse,
  type PrototypeCandidate,
} from '../../../../src/core/acquisition/variety/diverse-prototypes'
import type { CategoryId, ImageId } from '../../../../src/core/dataset/types'
import { platelets, rbc, wbc } from '../../../helpers/acquisition-evidence'

function candidate(
  id: string,
  prototypes: readonly (readonly [CategoryId, readonly number[]])[],
  ...minority: readonly CategoryId[]
): PrototypeCandidate {
  return {
    imageId: id as ImageId,
    hasBoxes: true,
    prototypes: new Map(
      prototypes.map(([categoryId, vector]) => [categoryId, Float32Array.from(vector)]),
    ),
    minority,
  }
}

const pick = (
  candidates: readonly PrototypeCandidate[],
  size: number,
  tau: number,
  quotas: readonly (readonly [CategoryId, number])[] = [],
) => pickDiverse(candidates, size, tau, new Map(quotas))

const ranks = (picks: ReturnType<typeof pickDiverse>) =>
  picks.map(({ imageId, rank }) => `${imageId} ${rank}`)

describe('diverse prototypes', () => {
  const first = candidate('first', [
    [rbc, [1, 0]],
    [wbc, [0, 1]],
  ])
  // cos((3, 4), (1, 0)) = 0.6
  const near = candidate('near', [[rbc, [3, 4]]])

  it('pass over an image all of whose classes look like those picked', () => {
    const other = candidate('other', [[rbc, [0, 1]]])
    expect(ranks(pick([first, near, other], 2, 0.6))).toEqual(['first diverse', 'other diverse'])
    expect(ranks(pick([first, near, other], 2, 0.61))).toEqual(['first diverse', 'near diverse'])
  })

  it('take an image one of whose classes is new', () => {
    const half = candidate('half', [
      [rbc, [1, 0]],
      [wbc, [4, 3]],
    ])
    // WBC: cos((4, 3), (0, 1)) = 0.6, below tau, though RBC is the same.
    const picks = pick([first, half], 2, 0.7)
    expect(ranks(picks)).toEqual(['first diverse', 'half diverse'])
    expect(picks[1].newest?.categoryId).toBe(wbc)
    expect(picks[1].newest?.similarity).toBeCloseTo(0.6, 6)
    const unseen = candidate('unseen', [
      [rbc, [1, 0]],
      [platelets, [1, 0]],
    ])
    expect(pick([first, unseen], 2, 0.1)[1].newest).toEqual({
      categoryId: platelets,
      similarity: undefined,
    })
  })

  it('compare with every image picked, also those picked after it was first looked at', () => {
    const a = candidate('a', [[rbc, [1, 0]]])
    const b = candidate('b', [[rbc, [0, 1]]])
    const likeB = candidate('like-b', [[rbc, [0, 5]]])
    const c = candidate('c', [[rbc, [-1, 0]]])
    expect(ranks(pick([a, b, likeB, c], 4, 0.7))).toEqual([
      'a diverse',
      'b diverse',
      'c diverse',
      'like-b last',
    ])
  })

  it('fill a short batch with look-alikes, then with images without boxes', () => {
    const empty = { ...candidate('empty', []), hasBoxes: false }
    expect(ranks(pick([first, near, empty], 9, 0.5))).toEqual([
      'first diverse',
      'near last',
      'empty last',
    ])
  })

  it('take images without features as different from all', () => {
    const blind = candidate('blind', [])
    expect(ranks(pick([first, blind], 2, 0))).toEqual(['first diverse', 'blind diverse'])
  })
})

describe('the minority quota', () => {
  const plain = ['p1', 'p2', 'p3', 'p4'].map((id) => candidate(id, []))
  const rare = ['r1', 'r2', 'r3'].map((id) => candidate(id, [], platelets))

  it('keeps room for images that show the class', () => {
    const picks = pick([...plain, ...rare], 4, 0.7, [[platelets, 2]])
    // p1 and p2 take the free half; p3 and p4 would take kept room.
    expect(ranks(picks)).toEqual(['p1 diverse', 'p2 diverse', 'r1 diverse', 'r2 diverse'])
    expect(picks.map(({ quotaOf }) => quotaOf)).toEqual([[], [], [platelets], [platelets]])
  })

  it('is filled by images picked anyhow, and then asks for no more', () => {
    const picks = pick([...rare, ...plain], 4, 0.7, [[platelets, 2]])
    expect(ranks(picks)).toEqual(['r1 diverse', 'r2 diverse', 'r3 diverse', 'p1 diverse'])
    expect(picks[2].quotaOf).toEqual([])
  })

  it('counts an image in the quota of every class it shows', () => {
    const both = candidate('both', [], platelets, wbc)
    const picks = pick([both, ...plain], 3, 0.7, [
      [platelets, 1],
      [wbc, 1],
    ])
    expect(ranks(picks)).toEqual(['both diverse', 'p1 diverse', 'p2 diverse'])
    expect(picks[0].quotaOf).toEqual([platelets, wbc])
  })

  it('gives its room to others where the class is nowhere seen', () => {
    expect(ranks(pick(plain, 3, 0.7, [[platelets, 2]]))).toEqual([
      'p1 diverse',
      'p2 room-kept',
      'p3 room-kept',
    ])
  })
})
