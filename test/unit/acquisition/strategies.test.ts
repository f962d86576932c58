import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choiceOf, numberOf } from '../../../src/core/acquisition/parameters'
import { strategies, strategyById } from '../../../src/core/acquisition/registry'
import { entropyStrategy } from '../../../src/core/acquisition/strategies/entropy'
import { randomStrategy } from '../../../src/core/acquisition/strategies/random'
import type { AcquisitionContext } from '../../../src/core/acquisition/types'
import { seededRandom } from '../../../src/core/random/seeded'
import { contextOf, detection } from '../../helpers/acquisition-evidence'
import { anyContext, anyParameters } from '../../helpers/any-acquisition-context'

describe('the registry', () => {
  it('holds every strategy once, by id and by name', () => {
    const ids = strategies.map(({ id }) => id)
    const names = strategies.map(({ name }) => name)
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(names).size).toBe(ids.length)
    expect(strategyById('entropy')).toBe(entropyStrategy)
    expect(strategyById('random')).toBe(randomStrategy)
  })

  it('names the known ones when asked for an unknown one', () => {
    const known = strategies.map(({ id }) => id).join(', ')
    expect(() => strategyById('psychic')).toThrow(
      `There is no query strategy 'psychic'; choose one of: ${known}.`,
    )
  })
})

describe.each(strategies)('strategy $id', (strategy) => {
  it('has a one-line summary, a source with its year or the word baseline, and a help a parameter', () => {
    expect(strategy.summary).toMatch(/^[^\n]{10,120}\.$/)
    expect(strategy.source).toMatch(/\b20\d\d\b|Baseline|Margin/)
    for (const { label, help } of strategy.parameters) {
      expect(label).not.toBe('')
      expect(help).toMatch(/^[^\n]{10,200}\.$/)
    }
    const ids = strategy.parameters.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('offers its defaults among its options', () => {
    for (const parameter of strategy.parameters) {
      if (parameter.kind === 'choice') expect(choiceOf(parameter, {})).toBe(parameter.defaultValue)
      else expect(numberOf(parameter, {})).toBe(parameter.defaultValue)
    }
  })

  it('picks different unlabelled images, finitely scored, each with a reason', () => {
    fc.assert(
      fc.property(
        anyContext,
        anyParameters(strategy),
        fc.integer(),
        fc.nat(14),
        (context, parameters, seed, size) => {
          const picks = strategy.select(context, size, parameters, seededRandom(seed))
          const unlabeled = new Set(context.unlabeled.map(({ imageId }) => imageId))
          expect(picks).toHaveLength(Math.min(size, unlabeled.size))
          expect(new Set(picks.map(({ imageId }) => imageId)).size).toBe(picks.length)
          for (const { imageId, score, reason } of picks) {
            expect(unlabeled).toContain(imageId)
            expect(score).toSatisfy(Number.isFinite)
            expect(reason).not.toBe('')
            expect(reason).not.toMatch(/NaN|undefined|Infinity/)
          }
        },
      ),
    )
  })

  it('picks the same for the same seed, whatever the order of the images', () => {
    fc.assert(
      fc.property(
        anyContext,
        anyParameters(strategy),
        fc.integer(),
        fc.nat(14),
        (context, parameters, seed, size) => {
          const picks = strategy.select(context, size, parameters, seededRandom(seed))
          expect(strategy.select(context, size, parameters, seededRandom(seed))).toEqual(picks)
          const turned = {
            ...context,
            unlabeled: [...context.unlabeled].reverse(),
            labeled: [...context.labeled].reverse(),
          }
          expect(strategy.select(turned, size, parameters, seededRandom(seed))).toEqual(picks)
        },
      ),
    )
  })

  it('fills the batch from evidence that lacks everything it asks for', () => {
    const names = Array.from({ length: 5 }, (_, i) => `image-${i}`)
    const bare: AcquisitionContext[] = [
      contextOf(Object.fromEntries(names.map((name) => [name, { detections: undefined }]))),
      contextOf(Object.fromEntries(names.map((name) => [name, { detections: [] }]))),
      contextOf(Object.fromEntries(names.map((name) => [name, { detections: [detection(0.5)] }]))),
    ]
    for (const context of bare) {
      const picks = strategy.select(context, 3, {}, seededRandom(1))
      expect(new Set(picks.map(({ imageId }) => imageId)).size).toBe(3)
      const all = strategy.select(context, 50, {}, seededRandom(1))
      expect(all.map(({ imageId }) => imageId).sort()).toEqual(names)
    }
    expect(strategy.select(contextOf({}), 3, {}, seededRandom(1))).toEqual([])
  })

  it('breaks ties by the seed, not by the order of the images', () => {
    const context = contextOf(
      Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`i${i}`, { detections: [] }])),
    )
    const first = Array.from(
      { length: 40 },
      (_, seed) => strategy.select(context, 1, {}, seededRandom(seed))[0].imageId,
    )
    // The chance that 40 fair draws out of 8 meet fewer than 3 images is below 1e-20.
    expect(new Set(first).size).toBeGreaterThan(2)
  })

  it('refuses a batch size that is no whole number', () => {
    expect(() => strategy.select(contextOf({}), 1.5, {}, seededRandom(1))).toThrow(RangeError)
    expect(() => strategy.select(contextOf({}), -1, {}, seededRandom(1))).toThrow(RangeError)
  })
})
