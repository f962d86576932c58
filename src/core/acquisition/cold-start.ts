import { numberOf } from './parameters'
import { boxes, categoryName } from './reason'
import type { AcquisitionContext, NumberParameter, ParameterValues } from './types'

const coldRounds: NumberParameter = {
  kind: 'number',
  id: 'rounds',
  label: 'Rounds of variety',
  help: 'Until so many rounds are labelled, the seed set among them, images are chosen for variety alone.',
  min: 0,
  max: 20,
  step: 1,
  defaultValue: 2,
}

const coldBoxes: NumberParameter = {
  kind: 'number',
  id: 'boxes',
  label: 'Boxes a class',
  help: 'Until every class has so many labelled boxes, images are chosen for variety alone.',
  min: 0,
  max: 100,
  step: 1,
  defaultValue: 10,
}

const longestCold: NumberParameter = {
  kind: 'number',
  id: 'patience',
  label: 'Longest wait',
  help: 'After so many rounds a class with too few boxes is waited for no longer: there may be none to find.',
  min: 0,
  max: 100,
  step: 1,
  defaultValue: 5,
}

export const coldStartParameters = [coldRounds, coldBoxes, longestCold] as const

/**
 * Why a model is not to be relied on yet, in words for a reason; undefined once it is: when enough rounds are labelled and
 * every class has enough boxes, or has been waited for long enough, and there is a model at all.
 */
export function coldStart(
  context: AcquisitionContext,
  parameters: ParameterValues,
): string | undefined {
  const rounds = numberOf(coldRounds, parameters)
  const perClass = numberOf(coldBoxes, parameters)
  const patience = numberOf(longestCold, parameters)
  if (context.unlabeled.every(({ detections }) => detections === undefined)) {
    return 'variety first: there is no model yet'
  }
  if (context.rounds < rounds) {
    return `variety first: ${context.rounds} of ${rounds} rounds labelled`
  }
  return context.rounds < patience ? lackingClass(context, perClass) : undefined
}

/** What is to be said of the class with the fewest labelled boxes, where these are fewer than wanted. */
function lackingClass(context: AcquisitionContext, wanted: number): string | undefined {
  const { labeled, categories } = context
  const objects = labeled.flatMap(({ truth }) => truth.filter(({ crowd }) => !crowd))
  const counts = categories.map((categoryId) => ({
    categoryId,
    count: objects.filter((object) => object.categoryId === categoryId).length,
  }))
  const lacking = counts.filter(({ count }) => count < wanted).sort((a, b) => a.count - b.count)
  if (lacking.length === 0) return undefined
  const [{ categoryId, count }] = lacking
  return `variety first: ${boxes(count)} of ${categoryName(context, categoryId)} labelled so far`
}
