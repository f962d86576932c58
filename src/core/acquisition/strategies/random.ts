import { selectBatch } from '../select'
import type { QueryStrategy } from '../types'

/** Uniformly random: the baseline every other strategy is judged against. */
export const randomStrategy: QueryStrategy = {
  id: 'random',
  name: 'Random',
  summary: 'Draws images uniformly at random: the baseline.',
  source: 'Baseline',
  parameters: [],
  needs: [],
  blind: true,
  select: (context, batchSize, _parameters, random) =>
    selectBatch(
      context.unlabeled.map(({ imageId }) => ({
        imageId,
        // A stream an image: the draw does not depend on the order of the pool.
        score: random.fork(imageId).next(),
        reason: 'drawn at random',
      })),
      batchSize,
      random,
    ),
}
