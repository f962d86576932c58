import { copyCell, type FeatureGrid } from '../../core/detection/cell-features'
import { unseenBy } from '../../core/detection/folds'
import { sampleCells, type SampleLimits } from '../../core/detection/sampling'
import { createTargets, type CellTargets, type TargetBox } from '../../core/detection/targets'
import { viewBoxes, viewsPerImage } from '../../core/detection/view'
import type { LossBatch } from '../../core/detection/loss'
import type { CategoryId } from '../../core/dataset/types'
import { createLetterbox, type Letterbox } from '../../core/geometry/letterbox'
import type { RandomSource } from '../../core/random/types'
import type { FeatureStore } from '../features/feature-store'
import type { FeatureMap } from '../features/protocol'
import type { TrainRequest } from './protocol'

/** What cells are drawn from: the features of one view of an image, and what the head should answer on them. */
export interface CellSource {
  readonly features: Omit<FeatureGrid, 'stride'> & { readonly codes: Int8Array | Float32Array }
  readonly targets: CellTargets
  readonly hardNegatives: Int32Array
}

/** One view of a labelled image, ready to draw cells from. */
export interface TrainingView extends CellSource {
  readonly features: FeatureGrid & { readonly codes: Int8Array }
  /** Background cells the committee is most wrong about, refreshed while it trains. */
  hardNegatives: Int32Array
}

/** One labelled image. */
export interface TrainingImage {
  readonly features: FeatureMap
  /** The image itself, then its other views. */
  readonly views: readonly [TrainingView, ...TrainingView[]]
  /** The committee member that never sees it, so that there is one to judge it; undefined where all see it. */
  readonly unseenBy: number | undefined
}

/** The labelled images of a request, all with features of one projection. */
export interface TrainingSet {
  readonly images: readonly TrainingImage[]
  readonly projectionId: string
  readonly channels: number
}

/** Cells of several images, as one step takes them. */
export interface CellBatch extends LossBatch {
  /** Where each cell lies in its image, row * columns + column, [N]. */
  readonly positions: Int32Array
  /** [N, D] */
  readonly cells: Float32Array
  /** Images whose cells lie one after the other, each with where they begin and how many objects it holds. */
  readonly images: readonly { readonly firstCell: number; readonly objectCount: number }[]
  /** The run of images that each member of a committee trains on; undefined where each trains on all. */
  readonly shares: readonly { readonly first: number; readonly end: number }[] | undefined
}

/**
 * Checks a request and computes the targets of its images and their views.
 * @throws Error when there is nothing to learn from, a category is unknown, or an image has not all features.
 */
export function createTrainingSet(request: TrainRequest, store: FeatureStore): TrainingSet {
  const { examples, categories, settings } = request
  const viewCount = viewsPerImage(settings.views, examples.length)
  const classIndex = new Map(categories.map((category, index) => [category, index]))
  const images = examples.map(({ imageId, boxes }, position): TrainingImage => {
    const features = store.get(imageId)
    const { imageWidth, imageHeight, rows, columns, stride } = features
    const targetBoxes = boxes.map(({ box, categoryId, crowd }) => ({
      box,
      crowd,
      classIndex: indexOf(categoryId, classIndex, imageId),
    }))
    const grid = { rows, columns, stride }
    const view = (
      codes: Int8Array,
      visible: readonly TargetBox[],
      letterbox: Letterbox,
    ): TrainingView => ({
      features: { ...features, codes },
      targets: createTargets(visible, categories.length, letterbox, grid),
      hardNegatives: new Int32Array(0),
    })
    const itself = createLetterbox(imageWidth, imageHeight, rows * stride)
    const others = (features.views ?? []).slice(0, viewCount)
    if (others.length < viewCount) {
      throw new Error(
        `Image ${imageId} has features of ${others.length} views in the engine, but ${viewCount} are to be ` +
          'learned from; embed it again.',
      )
    }
    return {
      features,
      unseenBy: unseenBy(position, examples.length, settings.committee),
      views: [
        view(features.codes, targetBoxes, itself),
        ...others.map((other) => view(other.codes, viewBoxes(targetBoxes, other), other.letterbox)),
      ],
    }
  })
  const [first] = images
  if (first === undefined) {
    throw new Error('There is no labelled image to train on; label some images first.')
  }
  if (images.every(({ views: [{ targets }] }) => targets.objectCount === 0)) {
    throw new Error(
      'None of the labelled images holds a box; draw at least one box before training.',
    )
  }
  const { imageId, projectionId, channels } = first.features
  for (const { features } of images) {
    if (features.projectionId !== projectionId) {
      throw new Error(
        `Images ${imageId} and ${features.imageId} have features of different projections; embed them again.`,
      )
    }
  }
  return { images, projectionId, channels }
}

function indexOf(
  categoryId: CategoryId,
  indices: ReadonlyMap<CategoryId, number>,
  imageId: string,
): number {
  const index = indices.get(categoryId)
  if (index === undefined) {
    throw new Error(
      `Image ${imageId} has a box of category ${categoryId}, which is not among the categories to train.`,
    )
  }
  return index
}

/** Mean logarithm of the four distances over all target cells; a good start for the box outputs. */
export function meanRawDistances(images: readonly TrainingImage[]): number[] {
  const sums = [0, 0, 0, 0]
  let count = 0
  for (const {
    views: [{ targets }],
  } of images) {
    for (let position = 0; position < targets.cells.length; position++) {
      count += 1
      for (let side = 0; side < 4; side++) {
        const distance = Math.max(0.25, targets.distances[position * 4 + side] ?? 0)
        sums[side] = (sums[side] ?? 0) + Math.log(distance)
      }
    }
  }
  return sums.map((sum) => sum / Math.max(1, count))
}

/** Draws the cells of one step from the images of each member of a committee. */
export function createSharedBatch(
  images: readonly (readonly CellSource[])[],
  limits: SampleLimits,
  featureNoise: number,
  random: RandomSource,
): CellBatch {
  let end = 0
  const shares = images.map(({ length }) => ({ first: end, end: (end += length) }))
  return { ...createBatch(images.flat(), limits, featureNoise, random), shares }
}

/** Draws the cells of one step from images that every member trains on. */
export function createBatch(
  images: readonly CellSource[],
  limits: SampleLimits,
  featureNoise: number,
  random: RandomSource,
): CellBatch {
  const samples = images.map((image) =>
    sampleCells(image.targets, image.hardNegatives, limits, random),
  )
  const channels = images[0]?.features.channels ?? 0
  const classCount = images[0]?.targets.classCount ?? 0
  const cellCount = samples.reduce(
    (sum, { positives, negatives }) => sum + positives.length + negatives.length,
    0,
  )
  const positions = new Int32Array(cellCount)
  const cells = new Float32Array(cellCount * channels)
  const heat = new Float32Array(cellCount * classCount)
  const distances = new Float32Array(cellCount * 4)
  const cellWeights = new Float32Array(cellCount)
  const boxWeights = new Float32Array(cellCount)

  let row = 0
  let objectCount = 0
  const drawn: { firstCell: number; objectCount: number }[] = []
  samples.forEach((sample, index) => {
    const image = images[index]
    if (image === undefined) return
    const { targets, features } = image
    objectCount += targets.objectCount
    drawn.push({ firstCell: row, objectCount: targets.objectCount })
    for (const position of sample.positives) {
      const cell = targets.cells[position] ?? 0
      positions[row] = cell
      copyCell(features, features.codes, cell, cells, row * channels)
      heat.set(
        targets.heat.subarray(position * classCount, (position + 1) * classCount),
        row * classCount,
      )
      distances.set(targets.distances.subarray(position * 4, position * 4 + 4), row * 4)
      boxWeights[row] = targets.boxWeights[position] ?? 0
      cellWeights[row] = sample.positiveWeight
      row += 1
    }
    sample.negatives.forEach((cell, position) => {
      positions[row] = cell
      copyCell(features, features.codes, cell, cells, row * channels)
      cellWeights[row] = sample.negativeWeights[position] ?? 0
      row += 1
    })
  })
  addNoise(cells, featureNoise, random)
  return {
    positions,
    cells,
    images: drawn,
    shares: undefined,
    cellCount,
    classCount,
    objectCount,
    heat,
    distances,
    cellWeights,
    boxWeights,
  }
}

/** Scales every number by 1 + noise, uniform with standard deviation `deviation`. */
function addNoise(values: Float32Array, deviation: number, random: RandomSource): void {
  // xorshift32 (Marsaglia 2003), seeded from the source: a quarter of a million draws a step need a short loop.
  let state = random.integer(0xffffffff) + 1
  const amplitude = (2 * Math.sqrt(3) * deviation) / 2 ** 32
  for (let index = 0; index < values.length; index++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    values[index] = (values[index] ?? 0) * (1 + state * amplitude)
  }
}
