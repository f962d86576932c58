import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { divideBatch, shareImages } from '../../../../src/engine/head/shares'

/** Images with 2, 1, 3 and 2 cells of one channel and one class; every number tells its cell. */
const batch = (shares?: { first: number; end: number }[]) => {
  const each = (width: number): Float32Array =>
    Float32Array.from({ length: 8 * width }, (_, index) => Math.floor(index / width))
  return {
    cellCount: 8,
    classCount: 1,
    objectCount: 10,
    positions: Int32Array.from({ length: 8 }, (_, cell) => cell),
    images: [
      { firstCell: 0, objectCount: 1 },
      { firstCell: 2, objectCount: 2 },
      { firstCell: 3, objectCount: 3 },
      { firstCell: 6, objectCount: 4 },
    ],
    shares,
    cells: each(3),
    heat: each(1),
    distances: each(4),
    cellWeights: each(1),
    boxWeights: each(1),
  }
}

describe('the division of a batch among a committee', () => {
  it('gives every member all images where nothing else is said', () => {
    const all = [0, 1, 2, 3, 4, 5, 6, 7]
    expect(divideBatch(batch(), 3).map(({ cellWeights }) => [...cellWeights])).toEqual([
      all,
      all,
      all,
    ])
  })

  it('cuts every array at the same cells, and counts the objects of the share', () => {
    const [, second] = divideBatch(
      batch([
        { first: 0, end: 1 },
        { first: 1, end: 2 },
      ]),
      2,
    )
    expect(second).toMatchObject({ firstCell: 2, cellCount: 1, classCount: 1, objectCount: 2 })
    expect([...(second?.cells ?? [])]).toEqual([2, 2, 2])
    expect([...(second?.distances ?? [])]).toEqual([2, 2, 2, 2])
    expect([...(second?.heat ?? [])]).toEqual([2])
    expect([...(second?.boxWeights ?? [])]).toEqual([2])
  })
})

describe('the images of a step for each member', () => {
  const images = (unseenBy: readonly (number | undefined)[]) =>
    unseenBy.map((member, index) => ({ name: 'abcdefghij'[index], unseenBy: member }))
  const shares = (
    of: ReturnType<typeof images>,
    members: number,
    each: number,
    standIns: ReturnType<typeof images> = [],
  ): string[] =>
    shareImages(of, members, each, () => standIns).map((own) =>
      own.map(({ name }) => name).join(''),
    )

  it('are neighbours, spread evenly', () => {
    expect(shares(images([undefined, undefined, undefined, undefined]), 2, 3)).toEqual([
      'abc',
      'cda',
    ])
    expect(shares(images([undefined, undefined]), 3, 4)).toEqual(['ab', 'ba', 'ba'])
  })

  it('leave out what a member must not see', () => {
    expect(shares(images([0, 1, 2, 0, 1, 2]), 3, 4)).toEqual(['bcef', 'cdfa', 'eabd'])
    expect(shares(images([0, 1, 2, 0, 1, 2]), 3, 2)).toEqual(['bc', 'cd', 'ea'])
  })

  it('are never of a member’s own fold, whichever a step draws', () => {
    const all = images([0, 1, 2, 0, 1, 2])
    fc.assert(
      fc.property(
        fc.shuffledSubarray(all, { minLength: 1 }),
        fc.integer({ min: 1, max: 6 }),
        (drawn, each) => {
          const own = shareImages(drawn, 3, each, () => all)
          own.forEach((share, member) => {
            expect(share.length).toBeGreaterThan(0)
            expect(share.map(({ unseenBy }) => unseenBy)).not.toContain(member)
          })
        },
      ),
    )
  })

  it('are others where a member must see none of the step’s', () => {
    const all = images([0, 1, 2, 0, 1, 2])
    expect(shares(all.slice(0, 1), 3, 2, all)).toEqual(['bc', 'a', 'a'])
  })
})
