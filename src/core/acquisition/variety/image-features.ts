import { sortedById } from '../../dataset/image-order'
import type { RandomSource } from '../../random/types'
import { choiceOf } from '../parameters'
import { standardisedMatrices, type FeatureMatrix } from '../../numeric/matrix'
import type {
  AcquisitionContext,
  AcquisitionScore,
  ChoiceParameter,
  ImageEvidence,
  ParameterValues,
} from '../types'

/** Which vector stands for an image where images are compared. */
export const imageFeature: ChoiceParameter = {
  kind: 'choice',
  id: 'feature',
  label: 'Image feature',
  help: 'What images are compared by: the mean over the whole image, or one in which places count by how surely an object is there.',
  options: ['image', 'objects'],
  defaultValue: 'image',
}

/** The images of a pool as points in one space. */
export interface ImageFeatures {
  /** Unlabelled images with features, in an order drawn by the seed: taking the first of equals breaks ties by it. */
  readonly images: readonly ImageEvidence[]
  /** Parallel to the images. */
  readonly unlabeled: FeatureMatrix
  readonly labeled: FeatureMatrix
  /** Unlabelled images without features, in an order drawn by the seed. */
  readonly missing: readonly ImageEvidence[]
}

/**
 * The features of all images, every component standardised over labelled and unlabelled ones together. Without a model
 * nobody knows where objects are: then the whole image counts, as it does where it is asked for.
 * @throws RangeError when a parameter makes no sense or the features differ in length
 */
export function imageFeatures(
  { unlabeled, labeled }: AcquisitionContext,
  parameters: ParameterValues,
  random: RandomSource,
): ImageFeatures {
  const isByObject =
    choiceOf(imageFeature, parameters) === 'objects' &&
    unlabeled.some(({ objectFeature }) => objectFeature !== undefined)
  const featureOf = ({ feature, objectFeature }: ImageEvidence): Float32Array | undefined =>
    isByObject ? objectFeature : feature
  const drawn = random.fork('image order').shuffle(sortedById(unlabeled))
  const images = drawn.filter((image) => featureOf(image) !== undefined)
  const [rows, labeledRows] = standardisedMatrices([
    images.flatMap((image) => featureOf(image) ?? []),
    sortedById(labeled).flatMap((image) => featureOf(image) ?? []),
  ])
  return {
    images,
    unlabeled: rows,
    labeled: labeledRows,
    missing: drawn.filter((image) => featureOf(image) === undefined),
  }
}

/**
 * The picks, and after them so many images that cannot be compared with others as the batch has room for.
 * @param missing in the order in which they are taken
 */
export function fillWithMissing(
  picks: readonly AcquisitionScore[],
  missing: readonly ImageEvidence[],
  batchSize: number,
): AcquisitionScore[] {
  const lowest = Math.min(0, ...picks.map(({ score }) => score))
  const rest = missing.map(({ imageId }) => ({
    imageId,
    score: lowest,
    reason: 'drawn at random: no features of this image yet, so it cannot be compared with others',
  }))
  return [...picks, ...rest].slice(0, batchSize)
}
