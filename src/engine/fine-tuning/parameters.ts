/** All numbers of a training below the head in one vector: where each lies, where they start, what becomes of them. */
import type { TrainingDepth } from '../../core/detection/types'
import type { Backbone } from '../backbone/backbone'
import { digest } from '../features/digest'
import { joinProjection, splitProjection } from '../features/projection-levels'
import type { NamedArray } from '../backbone/protocol'
import type { Projection } from '../features/protocol'

export type ParameterPart = 'head' | 'projection' | 'decoder' | 'trunk'

/** A tensor's place in the vector. */
export interface ParameterBlock {
  readonly name: string
  readonly shape: readonly number[]
  readonly part: ParameterPart
  /** A bias is added, a kernel multiplies; only kernels decay. */
  readonly isKernel: boolean
  readonly start: number
  readonly end: number
}

/** Name of the part of the projection's matrix that belongs to one tap of a level. */
export function kernelName(level: number, tap: number): string {
  return `projection/${level}/kernel-${tap}`
}

/** Name of the part of the projection's offset that belongs to a level. */
export function offsetName(level: number): string {
  return `projection/${level}/offset`
}

/** The vector's blocks: first the head's `headSize` numbers, then the projection, then what the depth trains. */
export function parameterBlocks(
  backbone: Backbone,
  depth: TrainingDepth,
  headSize: number,
): ParameterBlock[] {
  const blocks: ParameterBlock[] = []
  let end = 0
  const add = (
    name: string,
    shape: readonly number[],
    part: ParameterPart,
    isKernel: boolean,
  ): void => {
    const start = end
    end += shape.reduce((product, side) => product * side, 1)
    blocks.push({ name, shape, part, isKernel, start, end })
  }
  add('head', [headSize], 'head', true)
  backbone.levels.forEach(({ channels, components }, level) => {
    // As the kernel of a pointwise convolution: its gradients are fast on every backend.
    channels.forEach((count, tap) =>
      add(kernelName(level, tap), [1, 1, count, components], 'projection', true),
    )
    add(offsetName(level), [components], 'projection', false)
  })
  for (const { name, shape, part } of backbone.weights) {
    if (depth === 'full' || part === 'decoder') add(name, shape, part, shape.length > 1)
  }
  return blocks
}

/**
 * The vector at the start: the given head, the given projection, and the network that belongs to it.
 * @throws Error when the projection or its network do not suit the backbone or the depth
 */
export async function startingVector(
  backbone: Backbone,
  blocks: readonly ParameterBlock[],
  head: Float32Array,
  projection: Projection,
): Promise<Float32Array> {
  const values = new Map<string, Float32Array>([['head', head]])
  splitProjection(backbone, projection).forEach(({ kernels, offset }, level) => {
    kernels.forEach((kernel, tap) => values.set(kernelName(level, tap), kernel))
    values.set(offsetName(level), offset)
  })
  for (const { name, values: own } of projection.network ?? []) values.set(name, own)
  const vector = new Float32Array(blocks.at(-1)?.end ?? 0)
  for (const { name, start, end } of blocks) {
    const own = values.get(name) ?? (await backbone.weight(name).data())
    if (own.length !== end - start) {
      throw new Error(
        `'${name}' has ${own.length} numbers where the training has ${end - start}; train from scratch.`,
      )
    }
    vector.set(own, start)
    values.delete(name)
  }
  const [unused] = values.keys()
  if (unused !== undefined) {
    throw new Error(
      `The network to start from has another '${unused}' than the backbone, which this depth does not train; train ` +
        'at the depth of the last round, or from scratch.',
    )
  }
  return vector
}

/** What was trained, as a projection with a network of its own. */
export async function packProjection(
  backbone: Backbone,
  blocks: readonly ParameterBlock[],
  vector: Float32Array,
  start: Projection,
): Promise<Projection> {
  const own = new Map(blocks.map(({ name, start: from, end }) => [name, vector.slice(from, end)]))
  const part = (name: string): Float32Array => own.get(name) ?? new Float32Array(0)
  const { matrix, offset } = joinProjection(
    backbone.levels.map((level, index) => ({
      level,
      kernels: level.channels.map((_, tap) => part(kernelName(index, tap))),
      offset: part(offsetName(index)),
    })),
  )
  const network: NamedArray[] = blocks
    .filter((block) => block.part === 'decoder' || block.part === 'trunk')
    .map(({ name, shape }) => ({ name, shape, values: part(name) }))
  const label = `${backbone.id} ${start.inputSize} ${network.map(({ name }) => name).join(' ')}`
  const id = await digest(label, matrix, offset, ...network.map(({ values }) => values))
  return { ...start, matrix, offset, id, network }
}
