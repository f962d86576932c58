import { choiceOf, numberOf } from '../../acquisition/parameters'
import { strategies, strategyById } from '../../acquisition/registry'
import type { LabelingCost, ParameterValues } from '../../acquisition/types'
import { defaultModelSettings } from '../../detection/model-settings'
import type { ModelSettings } from '../../detection/types'
import type { ExperimentSettings, StrategyVariant } from './replay-types'

/**
 * Trains in a third of the time of a notebook's rounds, at some cost in precision that all strategies bear alike (on
 * playing cards an AP50 of 0.86 with every label, where notebooks reach 0.93).
 */
export const experimentModelSettings: ModelSettings = {
  ...defaultModelSettings,
  inputSize: 320,
  steps: 240,
  learningRate: 8e-3,
  views: 2,
}

/** 7 s to look at an image, 7 s to draw a box by its extreme points (Papadopoulos et al. 2017). */
export const experimentCost: LabelingCost = { secondsPerImage: 7, secondsPerBox: 7 }

export const defaultExperimentSettings: ExperimentSettings = {
  strategies: ['random', 'presence-random', 'margin-default'].map(parseVariant),
  seeds: [1, 2, 3, 4, 5],
  initial: 10,
  batch: 10,
  rounds: 8,
  model: experimentModelSettings,
  stepsPerImage: 6,
  cost: experimentCost,
  targetFraction: 0.9,
}

/**
 * The strategies of an experiment, each as `parseVariant` takes it; `all` stands for those of the registry that are not
 * named. After an @ the number of seeds, the first ones of the experiment, where it is not all of them: 'all@5'.
 * @throws Error when there is no such strategy or parameter, or not as many seeds
 */
export function parseVariants(
  texts: readonly string[],
  seeds: readonly number[],
): StrategyVariant[] {
  const named = texts.map((text) => {
    const [variant, count] = text.split('@')
    return { variant, own: count === undefined ? seeds : firstSeeds(text, count, seeds) }
  })
  const ids = named.map(({ variant }) => variant)
  return named.flatMap(({ variant, own }) => {
    const found = variant === 'all' ? strategies.map(({ id }) => id) : [variant]
    return found
      .filter((id) => id === variant || !ids.includes(id))
      .map((id) => ({ ...parseVariant(id), ...(own.length < seeds.length && { seeds: own }) }))
  })
}

function firstSeeds(text: string, count: string, seeds: readonly number[]): readonly number[] {
  const wanted = Number(count)
  if (/^\d+$/.test(count) && wanted >= 1 && wanted <= seeds.length) return seeds.slice(0, wanted)
  throw new Error(
    `'${text}' asks for ${count || 'no'} seeds; the experiment has ${seeds.length}; write a whole number up to that.`,
  )
}

/** A strategy with these parameters, under the id that `parseVariant` reads; what has its default is left out. */
export function variantOf(strategyId: string, values: ParameterValues): StrategyVariant {
  const changed = strategyById(strategyId).parameters.flatMap((parameter) => {
    const value =
      parameter.kind === 'number' ? numberOf(parameter, values) : choiceOf(parameter, values)
    return value === parameter.defaultValue ? [] : [[parameter.id, value] as const]
  })
  const assignments = changed.map(([id, value]) => `${id}=${value}`)
  return {
    id: [strategyId, ...assignments].join(':'),
    strategyId,
    parameters: Object.fromEntries(changed),
  }
}

/**
 * A strategy, with parameters that differ from the defaults after a colon: 'entropy' or 'entropy:aggregation=top-k:k=3'.
 * @throws Error when there is no such strategy or parameter, or it cannot have that value
 */
export function parseVariant(text: string): StrategyVariant {
  const [strategyId, ...assignments] = text.split(':')
  const strategy = strategyById(strategyId)
  const parameters: ParameterValues = Object.fromEntries(
    assignments.map((assignment) => {
      const [id, value] = assignment.split('=')
      const parameter = strategy.parameters.find((candidate) => candidate.id === id)
      if (parameter === undefined || value === undefined || value === '') {
        const known = strategy.parameters.map((candidate) => candidate.id).join(', ')
        throw new Error(
          `'${assignment}' is no parameter of ${strategyId}; write NAME=VALUE with one of: ${known || 'it has none'}.`,
        )
      }
      return [
        id,
        parameter.kind === 'number'
          ? numberOf(parameter, { [id]: value })
          : choiceOf(parameter, { [id]: value }),
      ]
    }),
  )
  return { id: text, strategyId, parameters }
}
