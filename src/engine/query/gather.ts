import type { ImageFindings } from '../../core/acquisition/evidence/findings'
import { strategyById } from '../../core/acquisition/registry'
import type { AcquisitionNeed } from '../../core/acquisition/types'
import type { ImageId } from '../../core/dataset/types'
import type { HandlerContext } from '../../rpc/types'
import type { Backbone } from '../backbone/backbone'
import type { EvidenceStore } from './evidence-store'
import type { FeatureStore } from '../features/feature-store'
import { Finder } from './finder'
import { withNetwork } from '../fine-tuning/with-network'
import { headDigest } from '../head/head-digest'
import { embedMirrored } from '../features/mirror-images'
import { Pacer } from '../device/pacing'
import type { QueryMethods } from './protocol'
import type { ProgressEvent } from '../device/protocol'
import type { TrainedHead } from '../head/protocol'

/** What querying works with. */
export interface QueryParts {
  readonly backbone: Backbone
  /** Features of images. */
  readonly features: FeatureStore
  /** Features of mirrored images. */
  readonly mirrors: FeatureStore
  readonly evidence: EvidenceStore
}

type GatherParams = Pick<
  QueryMethods['gather']['params'],
  'head' | 'projectionId' | 'strategyId' | 'mirror'
>

/** What findings are kept under: the head's own digest, computed here as heads of earlier versions lack it. */
export async function modelName(
  head: TrainedHead | undefined,
  projectionId: string | undefined,
): Promise<string> {
  return head === undefined ? `projection ${projectionId ?? ''}` : headDigest(head.weights)
}

/**
 * Looks in every image for what the strategy needs and is not known yet, and keeps it until it has been read.
 * @returns the images in which that was not possible: they have no features of the projection in the worker, or none of
 *   the mirrored image and no file to make them from
 */
export async function gatherFindings(
  parts: QueryParts,
  params: GatherParams,
  imageIds: readonly ImageId[],
  { signal, emit }: HandlerContext<ProgressEvent>,
): Promise<ImageId[]> {
  const { head, strategyId, mirror } = params
  const { features: store, mirrors, evidence } = parts
  const { needs, blind } = strategyById(strategyId)
  if (blind === true) return []
  const projectionId = head?.projectionId ?? params.projectionId
  const model = await modelName(head, projectionId)
  evidence.hold(imageIds)
  const finder = new Finder(head)
  const pacer = new Pacer(signal)
  const total = imageIds.length
  const files = new Map(mirror?.images.map((image) => [image.imageId, image]))
  const lacking: ImageId[] = []
  const toMirror: ImageId[] = []
  let done = 0
  const advance = (): void => {
    done += 1
    emit({ kind: 'progress', done, total, secondsLeft: pacer.secondsLeft(done, total) })
  }
  const look = async (imageId: ImageId): Promise<void> => {
    const known = evidence.get(model, imageId)
    const missing = new Set(
      [...finder.openNeeds(imageId, needs)].filter((need) => known?.answered.has(need) !== true),
    )
    const isMirrored = projectionId !== undefined && mirrors.has(imageId, projectionId)
    const mirrorMap = missing.has('mirrored') && isMirrored ? mirrors.get(imageId) : undefined
    const isDetected = known?.detections !== undefined
    const found = await finder.find(store.get(imageId), mirrorMap, missing, isDetected)
    evidence.add(model, imageId, found)
    if (missing.has('mirrored') && mirrorMap === undefined) lacking.push(imageId)
  }
  try {
    for (const imageId of imageIds) {
      await pacer.breathe()
      const open = finder.openNeeds(imageId, needs)
      if (isAnswered(evidence.get(model, imageId), open, head)) advance()
      else if (projectionId === undefined || !store.has(imageId, projectionId)) {
        lacking.push(imageId)
        advance()
      } else if (
        open.has('mirrored') &&
        !mirrors.has(imageId, projectionId) &&
        files.has(imageId)
      ) {
        toMirror.push(imageId)
      } else {
        await look(imageId)
        advance()
      }
    }
    if (mirror === undefined || toMirror.length === 0) return lacking
    const images = toMirror.flatMap((imageId) => files.get(imageId) ?? [])
    const unread = new Set(toMirror)
    await withNetwork(parts.backbone, mirror.projection, async () => {
      const own = { images, projection: mirror.projection }
      for await (const map of embedMirrored(parts.backbone, store, own)) {
        await pacer.breathe()
        mirrors.set(map)
        await look(map.imageId)
        unread.delete(map.imageId)
        advance()
      }
    })
    // A file that cannot be decoded any more; its features are there all the same.
    for (const imageId of unread) {
      await look(imageId)
      advance()
    }
    return lacking
  } finally {
    finder.dispose()
  }
}

function isAnswered(
  findings: ImageFindings | undefined,
  needs: ReadonlySet<AcquisitionNeed>,
  head: TrainedHead | undefined,
): boolean {
  if (head !== undefined && findings?.detections === undefined) return false
  return [...needs].every((need) => findings?.answered.has(need))
}
