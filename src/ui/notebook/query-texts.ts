import { parameterTexts, strategyName } from '../../core/experiment/strategy-names'
import type { RoundCell } from '../../core/notebook/types'

/**
 * How the images of a round were chosen: by what, then every parameter that was set, under the name it has in the
 * interface (under its id when this version does not know it).
 */
export function queryTexts({ index, settings }: Pick<RoundCell, 'index' | 'settings'>): string[] {
  const { strategyId, parameters } = settings
  const name = strategyName(strategyId)
  const drawn = strategyId === 'random' ? 'drawn at random' : `drawn by ${name}`
  return [index === 0 ? drawn : name, ...parameterTexts(strategyId, parameters)]
}
