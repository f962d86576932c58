import { strategies } from '../../core/acquisition/registry'
import type { RoundCell } from '../../core/notebook/types'
import { strategyName } from './cell-title'

/**
 * How the images of a round were chosen: by what, then every parameter that was set, under the name it has in the
 * interface (under its id when this version does not know it).
 */
export function queryTexts({ index, settings }: Pick<RoundCell, 'index' | 'settings'>): string[] {
  const { strategyId, parameters } = settings
  const known = strategies.find(({ id }) => id === strategyId)?.parameters ?? []
  const name = strategyName(strategyId)
  const drawn = strategyId === 'random' ? 'drawn at random' : `drawn by ${name}`
  return [
    index === 0 ? drawn : name,
    ...Object.entries(parameters).map(([id, value]) => {
      const label = known.find((parameter) => parameter.id === id)?.label
      return `${label?.toLowerCase() ?? id} ${value}`
    }),
  ]
}
