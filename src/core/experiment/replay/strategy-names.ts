import { strategies } from '../../acquisition/registry'
import type { ParameterValues } from '../../acquisition/types'
import type { StrategyVariant } from './replay-types'

/**
 * A variant as the interface names it: by its strategy, then every parameter that was set, 'UHerding, worth of an image:
 * none'. Files have its id.
 */
export function variantName({
  strategyId,
  parameters,
}: Pick<StrategyVariant, 'strategyId' | 'parameters'>): string {
  return [strategyName(strategyId), ...parameterTexts(strategyId, parameters)].join(', ')
}

/** The strategy's name; its id when this version does not know it. */
export function strategyName(id: string): string {
  return strategies.find((strategy) => strategy.id === id)?.name ?? id
}

/** Each parameter that was set, under its label (under its id when this version does not know it): 'neighbours: 20'. */
export function parameterTexts(strategyId: string, parameters: ParameterValues): string[] {
  const known = strategies.find(({ id }) => id === strategyId)?.parameters ?? []
  return Object.entries(parameters).map(([id, value]) => {
    const label = known.find((parameter) => parameter.id === id)?.label
    return `${label?.toLowerCase() ?? id}: ${value}`
  })
}
