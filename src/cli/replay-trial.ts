import type { ModelSettings } from '../core/detection/types'
import { viewsPerImage } from '../core/detection/view'
import { bootstrapAp50 } from '../core/evaluation/bootstrap'
import { digestData } from '../core/experiment/data-digest'
import {
  detectorReplay,
  type KnownImage,
  type ReplayData,
} from '../core/experiment/detector-replay'
import type { ReplayEngine, ReplayImage } from '../core/experiment/replay-engine'
import { seededRandom } from '../core/random/seeded'
import { createEngineClient } from '../engine/client'
import type { BackendName, Projection, TrainedHead } from '../engine/protocol'
import { splitQuarter, type LabeledImage } from './coco-folder'
import { loadData, shuffleLabels, type DataSource } from './labeled-data'

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
    const known = ({ imageId, truth }: LabeledImage): KnownImage => ({
      imageId,
      key: imageId,
      truth,
    })
    const data: ReplayData = {
      categories: dataset.categories,
      pool: pool.map(known),
      test: test.map(known),
    }
    return {
      dataDigest: digestData(dataset.categories, { pool, test }),
      images: pool.map(({ imageId, truth }) => ({ key: imageId, boxes: truth.length })),
      engines: clients.map((client) => replayEngine(client, data, pool, projection)),
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
  data: ReplayData,
  files: readonly LabeledImage[],
  projection: Projection,
): ReplayEngine<TrainedHead> {
  return detectorReplay<TrainedHead>(
    {
      train: (request) => client.call('train', request),
      predict: (head, imageIds) => client.call('predict', { head, imageIds }),
      evaluate: (images, categories) => client.call('evaluate', { images, categories }),
      bootstrap: (images, categories, samples) =>
        Promise.resolve(
          bootstrapAp50(images, categories, samples, seededRandom(1).fork('test split')),
        ),
      acquire: (request) =>
        client.call('acquire', { ...request, mirror: { images: files, projection } }),
    },
    data,
  )
}
