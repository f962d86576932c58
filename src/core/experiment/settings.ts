import { strategies, strategyById } from '../acquisition/registry'
import type { LabelingCost, ParameterValues } from '../acquisition/types'
import { defaultModelSettings } from '../detection/settings'
import type { ModelSettings } from '../detection/types'
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

/** Every strategy with its default parameters. */
export function allVariants(): StrategyVariant[] {
  return strategies.map(({ id }) => parseVariant(id))
}

/**
 * A strategy, with parameters that differ from the defaults after a colon: 'entropy' or 'entropy:aggregation=top-k:k=3'.
 * @throws Error when there is no such strategy or parameter
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
      return [id, parameter.kind === 'number' ? Number(value) : value]
    }),
  )
  return { id: text, strategyId, parameters }
}
