import type { ModelSettings } from '../core/detection/types'
import { viewsPerImage } from '../core/detection/view'
import { digestData } from '../core/experiment/replay/data-digest'
import {
  detectorReplay,
  type KnownImage,
  type ReplayData,
} from '../core/experiment/replay/detector-replay'
import type { ReplayEngine, ReplayImage } from '../core/experiment/replay/replay-engine'
import { createEngineClient } from '../engine/client'
import type { BackendName } from '../engine/device/protocol'
import type { Projection } from '../engine/features/protocol'
import type { TrainedHead } from '../engine/head/protocol'
import { splitQuarter, type LabeledDataset, type LabeledImage } from './coco-folder'
import { loadData, shuffleLabels, type DataSource } from './labeled-data'

/** Of images that cannot be read, so many are named. */
const toldFailures = 5

type Client = ReturnType<typeof createEngineClient>

export interface ReplayDataOptions {
  readonly source: DataSource
  readonly splitSeed: number
  /** Gives images the labels of others, as a negative control. */
  readonly shuffledLabels: boolean
}

export interface ReplayTrialOptions {
  /** Where the backbone's `models/` are served; ends with a slash. */
  readonly baseUrl: string
  readonly backend?: BackendName
  /** Workers that compute side by side. */
  readonly jobs: number
  readonly model: ModelSettings
}

/** A labelled data set with its test split. */
export interface LoadedReplay {
  readonly categories: LabeledDataset['categories']
  readonly pool: readonly LabeledImage[]
  readonly test: readonly LabeledImage[]
  readonly dataDigest: string
  /** The pool, as a replay sees it. */
  readonly images: readonly ReplayImage[]
}

/** A data set embedded once, on which an experiment can be replayed. */
export interface ReplayTrial {
  /** One a worker. */
  readonly engines: readonly ReplayEngine<TrainedHead>[]
  close(): void
}

/** @throws Error when the data set cannot be read. */
export async function loadReplay(
  { source, splitSeed, shuffledLabels }: ReplayDataOptions,
  report: (text: string) => void,
): Promise<LoadedReplay> {
  const { categories, images, leftOut } = await loadData(source, report)
  for (const line of leftOut) report(line)
  const labeled = shuffledLabels ? shuffleLabels(images, splitSeed) : images
  const { test, pool } = splitQuarter(labeled, splitSeed)
  return {
    categories,
    pool,
    test,
    dataDigest: digestData(categories, { pool, test }),
    images: pool.map(({ imageId, truth }) => ({ key: imageId, boxes: truth.length })),
  }
}

/** @throws Error when one of the images cannot be embedded, or an engine not started. */
export async function prepareReplay(
  { categories, pool, test }: LoadedReplay,
  { baseUrl, backend, jobs, model }: ReplayTrialOptions,
  report: (text: string) => void,
): Promise<ReplayTrial> {
  if (model.depth !== 'head')
    throw new Error(
      `An experiment trains heads on features that are embedded once; the depth ${model.depth} embeds them anew in ` +
        'every round. Choose the depth head.',
    )
  const clients = Array.from({ length: jobs }, () => createEngineClient())
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
    const data: ReplayData = { categories, pool: pool.map(known), test: test.map(known) }
    return {
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
  const failures: string[] = []
  const embedShare = async (client: Client, worker: number): Promise<void> => {
    const others = clients.filter((other) => other !== client)
    const mine = <Item>(items: readonly Item[]): Item[] =>
      items.filter((_, index) => index % clients.length === worker)
    for (const [images, own] of [
      [mine(pool), views],
      [mine(test), 0],
    ] as const) {
      const given: Promise<unknown>[] = []
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
    }
  }
  await Promise.all(clients.map(embedShare))
  if (failures.length > 0)
    throw new Error(
      [
        'Images that cannot be read have to leave the data set:',
        ...failures.sort().slice(0, toldFailures),
        ...(failures.length > toldFailures
          ? [`and ${failures.length - toldFailures} more of ${imageIds.length} images`]
          : []),
      ].join('\n  '),
    )
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
      bootstrap: (images, categories, draws) =>
        client.call('bootstrap', { images, categories, ...draws }),
      acquire: (request) =>
        client.call('acquire', { ...request, mirror: { images: files, projection } }),
    },
    data,
  )
}
