import { poolMinScore } from '../../detection/model-settings'
import type { NumberParameter } from '../types'

/** Below it a detection is rather background than a box. */
export const boxThreshold: NumberParameter = {
  kind: 'number',
  id: 'threshold',
  label: 'Lowest score of a box',
  help: 'Boxes below this probability do not count.',
  min: poolMinScore,
  max: 0.9,
  step: 0.01,
  defaultValue: 0.1,
}
