import {
  judgedCategories,
  readFindings,
  readOutOfFold,
  type Reading,
} from '../../core/acquisition/evidence/findings'
import { strategyById } from '../../core/acquisition/registry'
import type { ImageEvidence, LabeledEvidence } from '../../core/acquisition/types'
import type { ImageId } from '../../core/dataset/types'
import { judgeCalibration } from '../../core/calibration/judge'
import { boxFeature } from '../../core/detection/pooled-features'
import { createLetterbox } from '../../core/geometry/letterbox'
import { seededRandom } from '../../core/random/seeded'
import type { HandlerContext } from '../../rpc/types'
import type { FeatureStore } from '../features/feature-store'
import { gatherFindings, modelName, type QueryParts } from './gather'
import type { ProgressEvent } from '../device/protocol'
import type { Acquisition, QueriedImage, QueryMethods } from './protocol'

/**
 * Gathers what the strategy needs, calibrates the probabilities on what the members say of images they never saw, and has
 * the strategy choose.
 * @throws Error when there is no such strategy; RangeError when a parameter or the batch size makes no sense
 */
export async function acquire(
  parts: QueryParts,
  params: QueryMethods['acquire']['params'],
  context: HandlerContext<ProgressEvent>,
): Promise<Acquisition> {
  try {
    return await choose(parts, params, context)
  } finally {
    parts.evidence.release()
  }
}

async function choose(
  parts: QueryParts,
  params: QueryMethods['acquire']['params'],
  context: HandlerContext<ProgressEvent>,
): Promise<Acquisition> {
  const { head, categories, cost, rounds, batchSize, parameters } = params
  // In one order, so that sums over images do not differ in their last digits.
  const [unlabeled, labeled] = [inOrder(params.unlabeled), inOrder(params.labeled)]
  const strategy = strategyById(params.strategyId)
  const imageIds = [...unlabeled, ...labeled].map(({ imageId }) => imageId)
  await gatherFindings(parts, params, imageIds, context)
  const projectionId = head?.projectionId ?? params.projectionId
  const model = await modelName(head, projectionId)
  const findingsOf = (imageId: ImageId) => parts.evidence.get(model, imageId)

  const judged = labeled.flatMap(({ imageId, truth }) => {
    const outOfFold = findingsOf(imageId)?.outOfFold
    return outOfFold === undefined ? [] : [{ detections: outOfFold.detections, truth }]
  })
  const calibration = head && judgeCalibration(judged, head.categories)
  const reading: Reading = {
    calibration: calibration?.calibration,
    categories: new Set(categories.map(({ id }) => id)),
    headCategories: head?.categories ?? [],
  }
  const needsBoxes = strategy.needs.includes('box-features')
  const evidenceOf = (imageId: ImageId, key: ImageId): ImageEvidence => ({
    ...readFindings(key, findingsOf(imageId), reading),
    ...(needsBoxes && { boxFeatures: boxFeaturesOf(parts.features, imageId, projectionId) }),
  })
  const labeledEvidence = labeled.map(({ imageId, key, truth }): LabeledEvidence => ({
    ...evidenceOf(imageId, key),
    truth,
    outOfFold: readOutOfFold(findingsOf(imageId)?.outOfFold, reading),
  }))
  const random = seededRandom(params.seed).fork(`round ${rounds}`)
  const byKey = new Map(unlabeled.map(({ imageId, key }) => [key, imageId]))
  const chosen = strategy.select(
    {
      unlabeled: unlabeled.map(({ imageId, key }) => evidenceOf(imageId, key)),
      labeled: labeledEvidence,
      categories: categories.map(({ id }) => id),
      ...(head && { judgedCategories: judgedCategories(reading) }),
      categoryNames: new Map(categories.map(({ id, name }) => [id, name])),
      cost,
      rounds,
    },
    batchSize,
    parameters,
    random.fork('select'),
  )
  const picks = chosen.flatMap((pick) => {
    const imageId = byKey.get(pick.imageId)
    return imageId === undefined ? [] : [{ ...pick, imageId }]
  })
  return { picks, calibration }
}

function inOrder<Image extends QueriedImage>(images: readonly Image[]): Image[] {
  return images.toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

/** Features of boxes of an image whose own are in the worker; undefined where they are not. */
function boxFeaturesOf(
  store: FeatureStore,
  imageId: ImageId,
  projectionId: string | undefined,
): ImageEvidence['boxFeatures'] {
  if (projectionId === undefined || !store.has(imageId, projectionId)) return undefined
  const features = store.get(imageId)
  const { rows, stride, imageWidth, imageHeight, codes } = features
  const letterbox = createLetterbox(imageWidth, imageHeight, rows * stride)
  return (detections) => detections.map(({ box }) => boxFeature(features, codes, letterbox, box))
}
