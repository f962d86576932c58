import { assumedCost } from '../../../app/state/effort'
import type { LabelingCost } from '../../../core/acquisition/types'
import { parameterTexts, strategyName } from '../../../core/experiment/replay/strategy-names'
import type { RoundCell } from '../../../core/notebook/types'

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

/** What an image and a box count where the next query weighs time. @param own as it was measured here, if it was */
export function costText(own: LabelingCost | undefined): string {
  const { secondsPerImage, secondsPerBox } = own ?? assumedCost
  const source = own === undefined ? 'assumed' : 'by the clock'
  return `Where time counts: ${secondsPerImage} s an image and ${secondsPerBox} s a box, ${source}.`
}
