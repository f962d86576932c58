import { trainingSchedule } from '../../../core/detection/schedule'
import type { ModelSettings, RoundOutput, TrainingDepth } from '../../../core/notebook/types'
import { formatDuration } from '../../controls/format'

/** Seconds a step takes on two CPU cores at 320 pixels, measured; a graphics card is faster by far. */
const secondsPerStep: Readonly<Record<TrainingDepth, number>> = {
  head: 0.03,
  decoder: 0.2,
  full: 0.75,
}

/**
 * How long the next training will take, in words: from the last one where that was alike, else as far as can be said.
 * @param last what the newest trained round kept
 */
export function trainingTime(
  settings: ModelSettings,
  last: Pick<RoundOutput, 'model' | 'trainSeconds'> | undefined,
): string {
  if (last === undefined) {
    return settings.depth === 'head'
      ? 'The backbone stays as it is; only the heads on top of it learn. How long that takes is known after the first round.'
      : roughTime(settings)
  }
  const lastSteps = trainingSchedule(last.model).steps
  const took = `The last training took ${formatDuration(last.trainSeconds)} for ${lastSteps} steps`
  if (last.model.depth !== settings.depth) {
    return settings.depth === 'head'
      ? `${took} through the network; the heads alone take a small part of that.`
      : `${took}. ${roughTime(settings)}`
  }
  if (last.model.inputSize !== settings.inputSize)
    return `${took}. A new input size means that every image is looked at again first.`
  // There is a head to start from now, so the next round starts as it is set.
  const { steps } = trainingSchedule(settings)
  return lastSteps === steps
    ? `${took}; the next will take about as long.`
    : `${took}; with ${steps} it will be about ${formatDuration((last.trainSeconds * steps) / lastSteps)}.`
}

function roughTime(settings: ModelSettings): string {
  const { steps, headSteps } = trainingSchedule(settings)
  const seconds =
    headSteps * secondsPerStep.head +
    (steps - headSteps) * secondsPerStep[settings.depth] * (settings.inputSize / 320) ** 2
  return (
    `At this depth the images themselves go through the network in every step: a round takes about ${formatDuration(seconds)} ` +
    'on two CPU cores, four times that where no test image is labelled, and every image is looked at again afterwards. ' +
    'It is meant for a graphics card, or for a last round.'
  )
}
