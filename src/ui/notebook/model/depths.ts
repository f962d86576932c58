import type { TrainingDepth } from '../../../core/notebook/types'

/** The depths of a training as the interface names them, shallow to deep. */
export const depths: readonly { readonly value: TrainingDepth; readonly label: string }[] = [
  { value: 'head', label: 'Heads only' },
  { value: 'decoder', label: 'Decoder too' },
  { value: 'full', label: 'Whole network' },
]
