import type { CategoryId, ImageId } from '../core/dataset/types'
import type { ModelSettings } from '../core/detection/types'
import { viewsPerImage } from '../core/detection/view'
import type { ReplayEngine, ReplayImage } from '../core/experiment/replay-engine'
import { createEngineClient } from '../engine/client'
import type { BackendName, Projection, TrainedHead } from '../engine/protocol'
import { splitQuarter, type LabeledDataset, type LabeledImage } from './coco-folder'
import { digestData, loadData, shuffleLabels, type DataSource } from './labeled-data'

type Client = ReturnType<typeof createEngineClient>

export interface ReplayTrialOptions {
  readonly source: DataSource
  /** Where the backbone's `models/` are served; ends with a slash. */
  readonly baseUrl: string
  readonly splitSeed: number
  /** Gives images the labels of others, as a negative control. */
  readonly shuffledLabels: boolean
  readonly backend?: BackendName
  /** Workers that compute side by side. */
  readonly jobs: number
  readonly model: ModelSettings
}

/** A labelled data set embedded once, on which an experiment can be replayed. */
export interface ReplayTrial {
  readonly dataDigest: string
  /** The pool. */
  readonly images: readonly ReplayImage[]
  /** One a worker. */
  readonly engines: readonly ReplayEngine<TrainedHead>[]
  close(): void
}

/** What all workers have in common. */
interface ReplayData {
  readonly categories: LabeledDataset['categories']
  readonly pool: ReadonlyMap<ImageId, LabeledImage>
  readonly test: readonly LabeledImage[]
  readonly projection: Projection
}

/** @throws Error when the data set cannot be read, one of its images not embedded, or an engine not started. */
export async function prepareReplay(
  options: ReplayTrialOptions,
  report: (text: string) => void,
): Promise<ReplayTrial> {
  const { source, baseUrl, splitSeed, backend, model } = options
  if (model.depth !== 'head')
    throw new Error(
      `An experiment trains heads on features that are embedded once; the depth ${model.depth} embeds them anew in ` +
        'every round. Choose the depth head.',
    )
  const dataset = await loadData(source, report)
  const images = options.shuffledLabels ? shuffleLabels(dataset.images, splitSeed) : dataset.images
  const { test, pool } = splitQuarter(images, splitSeed)
  const clients = Array.from({ length: options.jobs }, () => createEngineClient())
  try {
    const [info] = await Promise.all(
      clients.map((client) => client.call('start', { baseUrl, ...(backend && { backend }) })),
    )
    report(`backend ${info.backend}; ${pool.length} images in the pool, ${test.length} to test`)
    const fit = { images: pool, inputSize: model.inputSize, seed: 1 }
    const projection = await clients[0].call('fitProjection', fit)
    const views = viewsPerImage(model.views, pool.length)
    await embedAll(clients, { pool, test }, projection, views, report)
    const data: ReplayData = {
      categories: dataset.categories,
      pool: new Map(pool.map((image) => [image.imageId, image])),
      test,
      projection,
    }
    return {
      dataDigest: digestData(dataset.categories, { pool, test }),
      images: pool.map(({ imageId, truth }) => ({ key: imageId, boxes: truth.length })),
      engines: clients.map((client) => replayEngine(client, data)),
      close: () => clients.forEach((client) => client.close()),
    }
  } catch (error) {
    clients.forEach((client) => client.close())
    throw error
  }
}

/** Embeds every image once, the workers taking turns, and gives each of them the features of all. */
async function embedAll(
  clients: readonly Client[],
  { pool, test }: { pool: readonly LabeledImage[]; test: readonly LabeledImage[] },
  projection: Projection,
  views: number,
  report: (text: string) => void,
): Promise<void> {
  const begin = performance.now()
  const imageIds = [...pool, ...test].map(({ imageId }) => imageId)
  await Promise.all(
    clients.map((client) =>
      client.call('holdFeatures', { imageIds, projectionId: projection.id, views }),
    ),
  )
  let done = 0
  const embedShare = async (client: Client, worker: number): Promise<void> => {
    const others = clients.filter((other) => other !== client)
    const mine = <Item>(items: readonly Item[]): Item[] =>
      items.filter((_, index) => index % clients.length === worker)
    for (const [images, own] of [
      [mine(pool), views],
      [mine(test), 0],
    ] as const) {
      const given: Promise<unknown>[] = []
      const failures: string[] = []
      await client.call(
        'embed',
        { images, projection, views: own },
        {
          onEvent(event) {
            if (event.kind === 'failed') {
              failures.push(`${event.imageId}: ${event.message}`)
              return
            }
            done += 1
            if (done % 50 === 0) report(`embedded ${done} of ${imageIds.length} images`)
            const { features } = event
            given.push(
              ...others.map((other) => other.call('loadFeatures', { features: [features] })),
            )
          },
        },
      )
      await Promise.all(given)
      if (failures.length > 0)
        throw new Error(
          `Images that cannot be read have to leave the data set: ${failures.join('; ')}`,
        )
    }
  }
  await Promise.all(clients.map(embedShare))
  report(`embedded in ${((performance.now() - begin) / 1000).toFixed(0)} s`)
}

/** The replay's view of a worker. */
function replayEngine(
  client: Client,
  { categories, pool, test, projection }: ReplayData,
): ReplayEngine<TrainedHead> {
  const categoryIds: readonly CategoryId[] = categories.map(({ id }) => id)
  const labeledImage = (key: ImageId): LabeledImage => {
    const image = pool.get(key)
    if (image === undefined)
      throw new Error(`The pool has no image ${key}; start the experiment again.`)
    return image
  }
  const queried = (key: ImageId) => ({ imageId: key, key })
  return {
    train(labeled, settings, seed) {
      const examples = labeled.map((key) => ({ imageId: key, boxes: labeledImage(key).truth }))
      return client.call('train', { examples, categories: categoryIds, settings, seed })
    },
    async evaluate(head) {
      const predictions = await client.call('predict', {
        head,
        imageIds: test.map(({ imageId }) => imageId),
      })
      const images = predictions.map(({ imageId, detections }, index) => ({
        imageId,
        detections,
        truth: test[index].truth,
      }))
      const { metrics } = await client.call('evaluate', { images, categories: categoryIds })
      const { ap50, ap } = metrics
      if (ap50 === undefined || ap === undefined)
        throw new Error('The test split has no box to find; choose another --split-seed.')
      return { ap50, ap }
    },
    async acquire(head, { variant, batchSize, seed, rounds, labeled, unlabeled, cost }) {
      const { strategyId, parameters } = variant
      const { picks } = await client.call('acquire', {
        // The baseline looks at nothing: it need not wait for what a model sees.
        head: strategyId === 'random' ? undefined : head,
        strategyId,
        parameters,
        batchSize,
        seed,
        rounds,
        labeled: labeled.map((key) => ({ ...queried(key), truth: labeledImage(key).truth })),
        unlabeled: unlabeled.map(queried),
        categories,
        cost,
        mirror: { images: [...pool.values()], projection },
      })
      return picks.map(({ imageId }) => imageId)
    },
  }
}
