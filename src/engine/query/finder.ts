import type { ImageFindings } from '../../core/acquisition/evidence/findings'
import type { AcquisitionNeed } from '../../core/acquisition/types'
import type { SupportedDetections } from '../../core/detection/types'
import type { ImageId } from '../../core/dataset/types'
import { decodeDetections } from '../../core/detection/decode'
import { mirrorDetections } from '../../core/detection/mirror'
import { committeePeaks } from '../../core/detection/peaks'
import { objectness, pooledFeature } from '../../core/detection/pooled-features'
import { poolMinScore } from '../../core/detection/model-settings'
import { detectionSupport } from '../../core/detection/support'
import { imageCells } from '../../core/detection/targets'
import { createLetterbox } from '../../core/geometry/letterbox'
import { Predictor } from '../head/predict'
import type { FeatureMap } from '../features/protocol'
import type { TrainedHead } from '../head/protocol'

type Needs = ReadonlySet<AcquisitionNeed>

/** Finds in images what strategies ask for, with a head on the device or, before there is one, without; `dispose` frees it. */
export class Finder {
  readonly #predictor: Predictor | undefined
  /** The member that never saw the image. */
  readonly #judges: ReadonlyMap<ImageId, number>

  constructor(head: TrainedHead | undefined) {
    this.#predictor = head && new Predictor(head)
    this.#judges = new Map(
      head?.heldOut?.flatMap((images, member) => images.map((imageId) => [imageId, member])),
    )
  }

  /** What of these needs can be looked into for the image; out-of-fold detections whenever there are any. */
  openNeeds(imageId: ImageId, needs: Iterable<AcquisitionNeed>): Needs {
    const wanted = new Set<AcquisitionNeed>(this.#judges.has(imageId) ? ['out-of-fold'] : [])
    for (const need of needs) {
      const isPossible =
        this.#predictor === undefined
          ? need === 'features'
          : need !== 'box-features' && need !== 'out-of-fold'
      if (isPossible) wanted.add(need)
    }
    return wanted
  }

  /**
   * Looks into the needs (`openNeeds` of them) and, once there is a head, for detections.
   * @param mirror features of the mirrored image; without them that need stays unanswered
   * @param isDetected true where the detections are known already
   * @throws Error when the features were made with another projection than the head was trained on
   */
  async find(
    features: FeatureMap,
    mirror: FeatureMap | undefined,
    needs: Needs,
    isDetected = false,
  ): Promise<ImageFindings> {
    const predictor = this.#predictor
    const judge = this.#judges.get(features.imageId)
    const answered = new Set(needs)
    if (mirror === undefined) answered.delete('mirrored')
    const needsCommittee = !isDetected || committeeNeeds.some((need) => needs.has(need))
    return {
      ...(needs.has('features') && {
        feature: pooledFeature(features, features.codes, cellsOfImage(features)),
      }),
      ...(predictor !== undefined && {
        ...(needsCommittee && (await committeeFindings(predictor, features, needs))),
        ...(answered.has('mirrored') &&
          mirror !== undefined && { mirrored: await mirroredDetections(predictor, mirror) }),
        ...(needs.has('out-of-fold') &&
          judge !== undefined && { outOfFold: await outOfFold(predictor, features, judge) }),
      }),
      answered,
    }
  }

  dispose(): void {
    this.#predictor?.dispose()
  }
}

/** What takes all members' answers on every cell. */
const committeeNeeds: readonly AcquisitionNeed[] = ['support', 'peaks', 'features']

async function committeeFindings(predictor: Predictor, features: FeatureMap, needs: Needs) {
  const { output, options } = await predictor.look(features, poolMinScore)
  const detections = decodeDetections(output, options)
  const weights = (): Float32Array =>
    objectness(output, options.categories.length, cellsOfImage(features))
  return {
    detections,
    ...(needs.has('support') && { support: detectionSupport(output, options, detections) }),
    ...(needs.has('peaks') && { peaks: committeePeaks(output, options) }),
    ...(needs.has('features') && {
      objectFeature: pooledFeature(features, features.codes, weights()),
    }),
  }
}

function cellsOfImage({ rows, columns, stride, imageWidth, imageHeight }: FeatureMap): Uint8Array {
  const letterbox = createLetterbox(imageWidth, imageHeight, rows * stride)
  return imageCells(letterbox, { rows, columns, stride })
}

async function mirroredDetections(predictor: Predictor, mirror: FeatureMap) {
  const { detections } = await predictor.predict(mirror, poolMinScore)
  return mirrorDetections(detections, mirror.imageWidth)
}

async function outOfFold(
  predictor: Predictor,
  features: FeatureMap,
  judge: number,
): Promise<SupportedDetections> {
  const { output, options } = await predictor.look(features, poolMinScore, judge)
  const detections = decodeDetections(output, options)
  return { detections, support: detectionSupport(output, options, detections) }
}
