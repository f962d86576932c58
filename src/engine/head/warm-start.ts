import type { CategoryId } from '../../core/dataset/types'
import { headLayout, shapeOf, unpackHead, type HeadShape } from './head'
import type { TrainRequest } from './protocol'

/**
 * Where the parameters of a run start: at `fresh`, or at those of the request's head. Its classes are found by category:
 * one that the head does not know starts fresh, one that is no longer wanted is left out, and all that does not belong
 * to a class (hidden layer, distances) is taken over.
 *
 * @param fresh parameters of a run from scratch; overwritten where the head knows better, and returned
 * @throws Error when the settings ask for another start than the request gives, or when the head has another shape or
 *   reads features of another projection; it says what differs.
 */
export function startingParameters(
  { settings, categories, initial }: Pick<TrainRequest, 'settings' | 'categories' | 'initial'>,
  shape: HeadShape,
  projectionId: string,
  fresh: Float32Array,
): Float32Array {
  if (initial === undefined) {
    if (settings.start === 'scratch') return fresh
    throw new Error('A warm start needs a head to start from, and none was given.')
  }
  if (settings.start === 'scratch') {
    throw new Error('The settings say to start from scratch, but a head to start from was given.')
  }
  const own = shapeOf(initial)
  checkFits(own, initial.projectionId, shape, projectionId)
  const parameters = unpackHead(initial)
  const from = headLayout(own)
  const to = headLayout(shape)
  const sources = outputSources(initial.categories, categories)
  for (let member = 0; member < shape.members; member++) {
    const old = parameters.subarray(member * from.memberSize, (member + 1) * from.memberSize)
    const block = fresh.subarray(member * to.memberSize, (member + 1) * to.memberSize)
    // The hidden layer comes first in both.
    block.set(old.subarray(0, from.outputKernel))
    // Then the output layer's rows, one a hidden unit, and as one more row its bias.
    for (let row = 0; row <= shape.hidden; row++) {
      sources.forEach((source, output) => {
        if (source === undefined) return
        block[to.outputKernel + row * shape.outputs + output] =
          old[from.outputKernel + row * own.outputs + source] ?? 0
      })
    }
  }
  return fresh
}

/** Of every output, classes and then four distances, its position among the old head's; undefined for a new class. */
function outputSources(
  old: readonly CategoryId[],
  categories: readonly CategoryId[],
): (number | undefined)[] {
  const positions = new Map(old.map((category, index) => [category, index]))
  const distances = [0, 1, 2, 3].map((side) => old.length + side)
  return [...categories.map((category) => positions.get(category)), ...distances]
}

function checkFits(
  old: HeadShape,
  oldProjection: string,
  shape: HeadShape,
  projection: string,
): void {
  const differences = [
    ...difference('committee members', old.members, shape.members),
    ...difference('hidden units', old.hidden, shape.hidden),
    ...difference('feature channels', old.channels, shape.channels),
    ...(oldProjection === projection
      ? []
      : ['it reads features of another input size, or that were fitted anew since']),
  ]
  if (differences.length > 0) {
    throw new Error(
      `Training cannot start from the last round's head: ${differences.join('; ')}. ` +
        'Set back what was changed in the model cell, or start from scratch there.',
    )
  }
}

function difference(what: string, old: number, now: number): string[] {
  return old === now ? [] : [`it has ${old} ${what}, the settings ask for ${now}`]
}
