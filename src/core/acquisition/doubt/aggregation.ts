import { choiceOf, numberOf } from '../parameters'
import type { ChoiceParameter, NumberParameter, ParameterValues } from '../types'

/** How the values of an image's boxes make one score. */
export interface Aggregation {
  readonly how: string
  /** Boxes that `top-k` sums. */
  readonly k: number
}

const aggregation: ChoiceParameter = {
  kind: 'choice',
  id: 'aggregation',
  label: 'Aggregation over boxes',
  help: 'How the values of the boxes make one score: sum prefers crowded images, mean and max do not.',
  options: ['sum', 'mean', 'max', 'top-k'],
  defaultValue: 'sum',
}

const topK: NumberParameter = {
  kind: 'number',
  id: 'k',
  label: 'Boxes summed by top-k',
  help: 'With the aggregation top-k, only so many of the most uncertain boxes count.',
  min: 1,
  max: 100,
  step: 1,
  defaultValue: 5,
}

export const aggregationParameters = [aggregation, topK] as const

/** @throws RangeError when a parameter makes no sense. */
export function aggregationOf(parameters: ParameterValues): Aggregation {
  return { how: choiceOf(aggregation, parameters), k: numberOf(topK, parameters) }
}

/** The sum, mean or maximum of the values, or the sum of the k largest; 0 without values. */
export function aggregate(values: readonly number[], { how, k }: Aggregation): number {
  if (values.length === 0) return 0
  const descending = [...values].sort((a, b) => b - a)
  switch (how) {
    case 'mean':
      return sum(descending) / descending.length
    case 'max':
      return descending[0]
    case 'top-k':
      return sum(descending.slice(0, k))
    default:
      return sum(descending)
  }
}

/** What an aggregated measure is called in a reason: 'entropy', 'entropy (mean)', 'entropy (top 3)'. */
export function aggregatedName(measure: string, { how, k }: Aggregation): string {
  if (how === 'sum') return measure
  return `${measure} (${how === 'top-k' ? `top ${k}` : how})`
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
