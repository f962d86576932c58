import { diagnoseDetections } from '../core/diagnosis/diagnose'
import { featureCoverage } from '../core/dataset/audit/feature-coverage'
import { bootstrapAp50 } from '../core/evaluation/bootstrap-ap50'
import { poolMinScore } from '../core/detection/model-settings'
import { evaluateDetections } from '../core/evaluation/evaluate'
import { findLabelErrors } from '../core/label-errors/find'
import { type PackedImages, unpackImages } from '../core/evaluation/packed'
import type { EvaluationImage } from '../core/evaluation/types'
import { experimentFigures } from '../core/experiment/statistics/figures'
import { seededRandom } from '../core/random/seeded'
import type { Handlers } from '../rpc/types'
import { acquire } from './query/acquire'
import type { Backbone } from './backbone/backbone'
import { chooseBackend, isContextLost, isDeviceLost } from './device/backends'
import { loadCenterNet } from './backbone/centernet'
import { describeImage } from './features/describe'
import { embedImages, fitProjection } from './features/embed'
import { EvidenceStore } from './query/evidence-store'
import { FeatureStore } from './features/feature-store'
import { trainDetector } from './fine-tuning/train-detector'
import { withNetwork } from './fine-tuning/with-network'
import { gatherFindings, modelName, type QueryParts } from './query/gather'
import { Pacer, workerGate } from './device/pacing'
import { defaultMinScore, Predictor } from './head/predict'
import type { EngineMethods } from './protocol'
import { proposeZeroShot } from './backbone/zero-shot'

/** Of mirrored images' features: some 800 at 416 px. */
const mirrorLimitBytes = 256e6

/**
 * The worker's methods, sharing one backend, one backbone and one store of features.
 * @param store how much memory features may take is its business
 */
export function createEngine(store = new FeatureStore()): Handlers<EngineMethods> {
  const mirrors = new FeatureStore(mirrorLimitBytes)
  const evidence = new EvidenceStore()
  let backbone: Backbone | undefined
  let last: Promise<unknown> = Promise.resolve()

  /** Device work runs one call after the other: two at once would only slow each other and interleave progress. */
  function inTurn<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    const turn = last.then(async () => {
      signal.throwIfAborted()
      // The worker is at its end, which is what the page must hear of, not how this call ended.
      const unanswered = new Promise<never>(() => undefined)
      try {
        const result = await work()
        return isContextLost() ? await unanswered : result
      } catch (error) {
        if (signal.aborted || !(await isDeviceLost())) throw error
        return unanswered
      }
    })
    last = turn.catch(() => undefined)
    return turn
  }

  function startedBackbone(): Backbone {
    if (backbone === undefined) throw new Error("The engine has not started; call 'start' first.")
    return backbone
  }

  function queryParts(): QueryParts {
    return { backbone: startedBackbone(), features: store, mirrors, evidence }
  }

  return {
    start: ({ backend, baseUrl, avoid }, { signal, emit }) =>
      inTurn(signal, async () => {
        backbone?.dispose()
        backbone = undefined
        const info = await chooseBackend(backend, emit, failWorker, avoid)
        backbone = await loadCenterNet(baseUrl)
        return info
      }),
    backboneId: () => startedBackbone().id,
    fitProjection: (params, context) =>
      inTurn(context.signal, () => fitProjection(startedBackbone(), params, context)),
    embed: (params, context) =>
      inTurn(context.signal, () => {
        const present = startedBackbone()
        const { projection } = params
        return withNetwork(present, projection, () => embedImages(present, store, params, context))
      }),
    loadFeatures: ({ features }) => {
      for (const map of features) store.set(map)
      return undefined
    },
    holdFeatures: ({ imageIds, projectionId, views }) => {
      store.hold(imageIds)
      return imageIds.filter((id) => !store.has(id, projectionId, views))
    },
    missingFeatures: ({ imageIds, projectionId }) =>
      imageIds.filter((id) => !store.has(id, projectionId)),
    pause: ({ paused }) => {
      if (paused) workerGate.close()
      else workerGate.open()
      return undefined
    },
    clearFeatures: () => {
      store.clear()
      mirrors.clear()
      evidence.clear()
      return undefined
    },
    train: (request, context) =>
      inTurn(context.signal, () => trainDetector(startedBackbone(), request, store, context)),
    predict: ({ head, imageIds, minScore = defaultMinScore }, { signal, emit }) =>
      inTurn(signal, async () => {
        startedBackbone()
        const features = imageIds.map((id) => store.get(id))
        const model = await modelName(head, head.projectionId)
        const predictor = new Predictor(head)
        const pacer = new Pacer(signal)
        try {
          const results = []
          for (const map of features) {
            await pacer.breathe()
            const result = await predictor.predict(map, minScore)
            results.push(result)
            // A query with this head looks at the same.
            if (minScore === poolMinScore) evidence.addDetections(model, result)
            const done = results.length
            const total = features.length
            emit({ kind: 'progress', done, total, secondsLeft: pacer.secondsLeft(done, total) })
          }
          return results
        } finally {
          predictor.dispose()
        }
      }),
    gather: (params, context) =>
      inTurn(context.signal, () => gatherFindings(queryParts(), params, params.imageIds, context)),
    acquire: (params, context) =>
      inTurn(context.signal, () => acquire(queryParts(), params, context)),
    describe: ({ imageIds }) =>
      imageIds.map((imageId) => ({ imageId, feature: describeImage(store.get(imageId)) })),
    coverage: ({ images, seed }) => featureCoverage(images, seededRandom(seed)),
    proposeZeroShot: ({ image, limit = 100 }, { signal }) =>
      inTurn(signal, () => proposeZeroShot(startedBackbone(), image, limit)),
    evaluate: ({ images, categories }) => evaluateDetections(unpacked(images), categories),
    bootstrap: ({ images, categories, samples, seed, stream }) => {
      const random = seededRandom(seed)
      const source = stream === undefined ? random : random.fork(stream)
      return bootstrapAp50(unpacked(images), categories, samples, source)
    },
    diagnose: ({ images, categories }) => diagnoseDetections(unpacked(images), categories),
    findLabelErrors: ({ images, categories, leastSuspicion, limit }) =>
      findLabelErrors(unpackImages(images), categories)
        .filter(({ suspicion }) => suspicion >= leastSuspicion)
        .slice(0, limit),
    summariseExperiment: ({ state }) => experimentFigures(state),
  }
}

function unpacked(images: readonly EvaluationImage[] | PackedImages): readonly EvaluationImage[] {
  return 'imageIds' in images ? unpackImages(images) : images
}

/** Ends the worker with an error that the page hears of: without its device it can answer nothing any more. */
function failWorker(message: string): void {
  reportError(new Error(`${message} The engine has to start again; labels are safe.`))
}
