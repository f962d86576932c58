import { defaultModelSettings } from '../core/detection/model-settings'
import type { ModelSettings } from '../core/detection/types'
import { viewsPerImage } from '../core/detection/view'
import { seededRandom } from '../core/random/seeded'
import { createEngineClient } from '../engine/client'
import type { BackendName, EngineInfo } from '../engine/device/protocol'
import type { TrainEvent, TrainRequest, TrainedHead } from '../engine/head/protocol'
import { fetchCocoFolder, splitQuarter, type LabeledImage } from './coco-folder'

/** Steps between two lines about them. */
const reportedSteps = 100

export interface TrialOptions {
  /** Where the data set is served; ends with a slash. */
  readonly folderUrl: string
  /** Where the backbone's `models/` are served; ends with a slash. */
  readonly baseUrl: string
  readonly splitSeed: number
  /** Measured when absent. */
  readonly backend?: BackendName
  readonly settings?: Partial<ModelSettings>
}

export interface TrialResult {
  readonly labeledImages: number
  readonly ap50: number | undefined
  readonly ap: number | undefined
  readonly perClass: readonly {
    readonly name: string
    readonly ap50: number | undefined
    readonly ap: number | undefined
  }[]
  /** Of the training itself, without embedding. */
  readonly trainSeconds: number
  readonly weightsDigest: string
  /** What a warm start went on from. */
  readonly startedFrom?: TrialResult
}

/** A data set embedded once, on which heads can be trained and evaluated. */
export interface DetectorTrial {
  readonly engine: EngineInfo
  readonly poolSize: number
  readonly embedSeconds: number
  /**
   * Trains on images of the pool drawn at random and evaluates on the test quarter. Where the settings ask for a warm
   * start, half of the images are trained on from scratch before, and all of them from that head.
   * @param labeled how many; undefined for the whole pool
   */
  run(labeled: number | undefined, seed: number): Promise<TrialResult>
  close(): void
}

/** @throws Error when the data set cannot be read or the engine not started. */
export async function prepareTrial(
  options: TrialOptions,
  report: (text: string) => void,
): Promise<DetectorTrial> {
  const { folderUrl, baseUrl, splitSeed, backend } = options
  const settings = { ...defaultModelSettings, ...options.settings }
  const { categories, images, leftOut } = await fetchCocoFolder(folderUrl)
  for (const line of leftOut) report(line)
  const { test, pool } = splitQuarter(images, splitSeed)
  const client = createEngineClient()
  const info = await client.call('start', { baseUrl, ...(backend && { backend }) })
  report(`backend ${info.backend}; ${pool.length} images in the pool, ${test.length} to test`)

  const begin = performance.now()
  const { inputSize } = settings
  const projection = await client.call('fitProjection', { images: pool, inputSize, seed: 1 })
  // Whatever memory that takes: nothing here would embed them again.
  const imageIds = images.map(({ imageId }) => imageId)
  await client.call('holdFeatures', { imageIds, projectionId: projection.id })
  await client.call('embed', { images, projection })
  const embedSeconds = (performance.now() - begin) / 1000
  report(`embedded in ${embedSeconds.toFixed(1)} s`)

  const reportSteps = (event: TrainEvent): void => {
    if (event.kind !== 'step' || event.step % reportedSteps !== 0) return
    const { step, steps, loss, secondsLeft } = event
    report(
      `step ${step} of ${steps}, loss ${loss.toFixed(2)}, ${secondsLeft.toFixed(0)} s of this stage left`,
    )
  }

  /** Trains on the images and evaluates on the test quarter. */
  async function train(
    examples: readonly LabeledImage[],
    seed: number,
    initial?: TrainedHead,
  ): Promise<{ readonly head: TrainedHead; readonly result: TrialResult }> {
    const views = viewsPerImage(settings.views, examples.length)
    const wanted = { imageIds, projectionId: projection.id, views }
    const missing = new Set(await client.call('holdFeatures', wanted))
    const unseen = examples.filter(({ imageId }) => missing.has(imageId))
    await client.call('embed', { images: unseen, projection, views })
    const start = performance.now()
    const request: TrainRequest = {
      examples: examples.map(({ imageId, truth }) => ({ imageId, boxes: truth })),
      categories: categories.map(({ id }) => id),
      settings: { ...settings, start: initial === undefined ? 'scratch' : 'warm' },
      seed,
      initial,
      ...(settings.depth !== 'head' && { tuning: { images: examples, projection } }),
    }
    const { tuned, ...head } = await client.call('train', request, { onEvent: reportSteps })
    const trainSeconds = (performance.now() - start) / 1000
    if (tuned !== undefined) await client.call('embed', { images: test, projection: tuned })
    const predictions = await client.call('predict', {
      head,
      imageIds: test.map(({ imageId }) => imageId),
    })
    const { metrics, perCategory } = await client.call('evaluate', {
      images: predictions.map(({ imageId, detections }, index) => ({
        imageId,
        detections,
        truth: test[index]?.truth ?? [],
      })),
      categories: categories.map(({ id }) => id),
    })
    const result: TrialResult = {
      labeledImages: examples.length,
      ap50: metrics.ap50,
      ap: metrics.ap,
      perClass: perCategory.map(({ ap50, ap }, index) => ({
        name: categories[index]?.name ?? '',
        ap50,
        ap,
      })),
      trainSeconds,
      weightsDigest: head.digest,
    }
    report(`seed ${seed}: ${describe(result)}`)
    return { head: { ...head, tuned }, result }
  }

  return {
    engine: info,
    poolSize: pool.length,
    embedSeconds,
    async run(labeled = pool.length, seed) {
      if (labeled > pool.length) {
        throw new RangeError(
          `${labeled} labelled images were asked for, but the pool holds ${pool.length}; ask for fewer.`,
        )
      }
      const chosen = seededRandom(seed).fork('labels').shuffle(pool).slice(0, labeled)
      if (settings.start === 'scratch') return (await train(chosen, seed)).result
      const first = await train(chosen.slice(0, Math.ceil(labeled / 2)), seed)
      const { result } = await train(chosen, seed, first.head)
      return { ...result, startedFrom: first.result }
    },
    close: () => client.close(),
  }
}

function describe({ labeledImages, ap50, ap, perClass, trainSeconds }: TrialResult): string {
  const show = (value: number | undefined): string => value?.toFixed(3) ?? '-'
  const classes = perClass.map(({ name, ap50: value }) => `${name} ${show(value)}`).join(', ')
  return (
    `${labeledImages} images, AP50 ${show(ap50)}, AP ${show(ap)} ` +
    `(${classes}), trained in ${trainSeconds.toFixed(1)} s`
  )
}
