import { strategyById } from '../../acquisition/registry'
import type { AcquisitionScore, LabelingCost, ParameterValues } from '../../acquisition/types'
import type { CategoryId, ImageId } from '../../dataset/types'
import type { ImageDetections, ModelSettings } from '../../detection/types'
import { percentileInterval } from '../../evaluation/bootstrap-ap50'
import type { EvaluationImage, EvaluationResult, TruthBox } from '../../evaluation/types'
import type { ReplayEngine } from './replay-engine'

interface QueriedImage {
  readonly imageId: ImageId
  readonly key: ImageId
}

/** What a replay asks of the detector's engine: its methods of the same names, all features being there. */
export interface ReplayMethods<Head> {
  train(request: {
    readonly examples: readonly { readonly imageId: ImageId; readonly boxes: readonly TruthBox[] }[]
    readonly categories: readonly CategoryId[]
    readonly settings: ModelSettings
    readonly seed: number
  }): Promise<Head>
  predict(head: Head, imageIds: readonly ImageId[]): Promise<readonly ImageDetections[]>
  evaluate(
    images: readonly EvaluationImage[],
    categories: readonly CategoryId[],
  ): Promise<EvaluationResult>
  /** AP50 on as many samples of the images, drawn with replacement from a stream of the seed. */
  bootstrap(
    images: readonly EvaluationImage[],
    categories: readonly CategoryId[],
    draws: { readonly samples: number; readonly seed: number; readonly stream: string },
  ): Promise<readonly number[]>
  acquire(request: {
    /** Undefined for a strategy that looks at nothing. */
    readonly head: Head | undefined
    readonly strategyId: string
    readonly parameters: ParameterValues
    readonly batchSize: number
    readonly seed: number
    readonly rounds: number
    readonly labeled: readonly (QueriedImage & { readonly truth: readonly TruthBox[] })[]
    readonly unlabeled: readonly QueriedImage[]
    readonly categories: readonly { readonly id: CategoryId; readonly name: string }[]
    readonly cost: LabelingCost
  }): Promise<{ readonly picks: readonly AcquisitionScore[] }>
}

/** An image whose labels are known. */
export interface KnownImage {
  readonly imageId: ImageId
  /** The same wherever the experiment runs. */
  readonly key: ImageId
  readonly truth: readonly TruthBox[]
}

export interface ReplayData {
  readonly categories: readonly { readonly id: CategoryId; readonly name: string }[]
  readonly pool: readonly KnownImage[]
  readonly test: readonly KnownImage[]
}

/** Of the test images; the interval's limits move by a few thousandths when drawn anew. */
const testDraws = { samples: 1000, seed: 1, stream: 'test split' } as const

/** The replay's view of an engine that holds the features of the data. */
export function detectorReplay<Head>(
  methods: ReplayMethods<Head>,
  { categories, pool, test }: ReplayData,
): ReplayEngine<Head> {
  const categoryIds = categories.map(({ id }) => id)
  const byKey = new Map(pool.map((image) => [image.key, image]))
  const known = (key: ImageId): KnownImage => {
    const image = byKey.get(key)
    if (image === undefined)
      throw new Error(`The pool has no image ${key}; start the experiment again.`)
    return image
  }
  const lookAtTest = async (head: Head): Promise<EvaluationImage[]> => {
    const predictions = await methods.predict(
      head,
      test.map(({ imageId }) => imageId),
    )
    // Under its key, which is the same wherever the experiment runs: ties and resampling go by it.
    return predictions.map(({ detections }, index) => ({
      imageId: test[index].key,
      detections,
      truth: test[index].truth,
    }))
  }
  return {
    train(labeled, settings, seed) {
      const examples = labeled.map(known).map(({ imageId, truth }) => ({ imageId, boxes: truth }))
      return methods.train({ examples, categories: categoryIds, settings, seed })
    },
    async evaluate(head) {
      const images = await lookAtTest(head)
      const { ap50, ap } = (await methods.evaluate(images, categoryIds)).metrics
      if (ap50 === undefined || ap === undefined)
        throw new Error('The test split has no box to find; draw another one, or label more of it.')
      return { ap50, ap }
    },
    async testInterval(head) {
      const images = await lookAtTest(head)
      return percentileInterval(await methods.bootstrap(images, categoryIds, testDraws))
    },
    async acquire(head, { variant, batchSize, seed, rounds, labeled, unlabeled, cost }) {
      const { strategyId, parameters } = variant
      const keyOf = new Map(pool.map(({ imageId, key }) => [imageId, key]))
      const { picks } = await methods.acquire({
        // What looks at nothing need not wait for what a model sees.
        head: strategyById(strategyId).blind === true ? undefined : head,
        strategyId,
        parameters,
        batchSize,
        seed,
        rounds,
        labeled: labeled.map(known),
        unlabeled: unlabeled.map(known).map(({ imageId, key }) => ({ imageId, key })),
        categories,
        cost,
      })
      return picks.flatMap(({ imageId }) => keyOf.get(imageId) ?? [])
    },
  }
}
