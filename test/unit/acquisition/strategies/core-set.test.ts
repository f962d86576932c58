import { describe, expect, it } from 'vitest'
import { coreSetStrategy } from '../../../../src/core/acquisition/strategies/core-set'
import { seededRandom } from '../../../../src/core/random/seeded'
import { contextOf, labeledWith, type Evidence } from '../../../helpers/acquisition-evidence'

const at = (...feature: number[]): Evidence => ({
  detections: undefined,
  feature: Float32Array.from(feature),
})
const labeledAt = (...feature: number[]) => ({ ...labeledWith(), ...at(...feature) })

const pick = (context: ReturnType<typeof contextOf>, size: number, parameters = {}) =>
  coreSetStrategy.select(context, size, parameters, seededRandom(1))

describe('core-set', () => {
  it('takes the image farthest from labelled and picked ones', () => {
    // -7, -1, 1, 7 have mean 0 and deviation 5. From -1 the others are 6, 2 and 8 away, then -7 is 6 from -1, 1 is 2.
    const context = contextOf({ a: at(-7), b: at(1), c: at(7) }, { known: labeledAt(-1) })
    const picks = pick(context, 3)
    expect(picks.map(({ imageId }) => imageId)).toEqual(['c', 'a', 'b'])
    expect(picks.map(({ score }) => score)).toEqual([
      expect.closeTo(1.6, 6),
      expect.closeTo(1.2, 6),
      expect.closeTo(0.4, 6),
    ])
    expect(picks.map(({ reason }) => reason)).toEqual([
      'no labelled image looks like this one: distance 1.6',
      'no image labelled or picked before it looks like this one: distance 1.2',
      'no image labelled or picked before it looks like this one: distance 0.4',
    ])
  })

  it('starts in the middle of the pool where nothing is labelled', () => {
    // Mean 0. From -1, the nearest to it, 7 is 8 away and -8 is 7.
    const picks = pick(contextOf({ a: at(-8), b: at(-1), c: at(2), d: at(7) }), 2)
    expect(picks.map(({ imageId }) => imageId)).toEqual(['b', 'd'])
    expect(picks[0].reason).toBe('nothing is labelled yet: the most average image')
    expect(picks[0].score).toBe(picks[1].score)
  })

  it('does not say that nothing is labelled where only the features of what is are missing', () => {
    const picks = pick(contextOf({ a: at(-8), b: at(-1), c: at(9) }, { known: labeledWith() }), 1)
    expect(picks[0]).toMatchObject({
      imageId: 'b',
      reason: 'no labelled image has features yet: the most average image',
    })
  })

  it('does not say of a twin that nothing looks like it', () => {
    const twins = contextOf({ a: at(1), b: at(1) }, { known: labeledAt(1) })
    expect(pick(twins, 2).map(({ reason }) => reason)).toEqual([
      'a labelled image looks the same: distance 0.0',
      'an image labelled or picked before it looks the same: distance 0.0',
    ])
    // -1, 0 and 100 have deviation 47: 1 apart is 0.02, which is shown as 0.0.
    const close = contextOf({ a: at(-1) }, { known: labeledAt(0), other: labeledAt(100) })
    expect(pick(close, 1)[0].reason).toBe('a labelled image looks the same: distance 0.0')
  })

  it('weighs every component alike, whatever its unit', () => {
    const unit = (scale: number) =>
      contextOf(
        { a: at(3, scale), b: at(0, 4 * scale), c: at(2, 2 * scale) },
        { known: labeledAt(0, 0) },
      )
    const ids = (scale: number) => pick(unit(scale), 3).map(({ imageId }) => imageId)
    expect(ids(1000)).toEqual(ids(1))
  })

  it('takes images without features last', () => {
    const context = contextOf(
      { blank: { detections: [] }, near: at(1), far: at(9) },
      { known: labeledAt(0) },
    )
    const picks = pick(context, 3)
    expect(picks.map(({ imageId }) => imageId)).toEqual(['far', 'near', 'blank'])
    expect(picks[2].reason).toContain('no features')
  })

  it('compares by what the model sees as objects, where that is asked for and known', () => {
    const image = (feature: number, object: number | undefined): Evidence => ({
      ...at(feature),
      objectFeature: object === undefined ? undefined : Float32Array.of(object),
    })
    const known = { known: { ...labeledAt(0), objectFeature: Float32Array.of(0) } }
    const context = contextOf({ a: image(9, 1), b: image(1, 9), c: image(5, undefined) }, known)
    const ids = (feature: string) => pick(context, 3, { feature }).map(({ imageId }) => imageId)
    expect(ids('objects')).toEqual(['b', 'a', 'c'])
    expect(ids('image')).toEqual(['a', 'c', 'b'])
    const before = contextOf({ a: at(9), b: at(1) }, { known: labeledAt(0) })
    expect(pick(before, 1, { feature: 'objects' })[0].imageId).toBe('a')
  })
})
