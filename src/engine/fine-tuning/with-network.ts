import * as tf from '@tensorflow/tfjs-core'
import type { Backbone } from '../backbone/backbone'
import type { Projection } from '../features/protocol'

/** Runs `work` while the backbone computes with the weights that were trained with the projection, if there are any. */
export async function withNetwork<Result>(
  backbone: Backbone,
  { network = [] }: Projection,
  work: () => Promise<Result>,
): Promise<Result> {
  const tensors = new Map(
    network.map(({ name, shape, values }) => [name, tf.tensor(values, [...shape])]),
  )
  try {
    const originals = backbone.exchangeWeights(tensors)
    try {
      return await work()
    } finally {
      backbone.exchangeWeights(originals)
    }
  } finally {
    tf.dispose([...tensors.values()])
  }
}
