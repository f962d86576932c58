import type { CategoryId, ImageId } from '../core/dataset/types'
import { drawTestSplit } from '../core/dataset/split'
import type { TruthBox } from '../core/evaluation/types'
import { readCoco } from '../core/format/coco/read'
import type { CocoDataset } from '../core/format/coco/types'
import { seededRandom } from '../core/random/seeded'
import type { EmbedImage } from '../engine/backbone/protocol'
import { UsageError } from './usage-error'

/** Of what is wrong with a file, so many kinds are told. */
const toldFaults = 5

export interface LabeledImage extends EmbedImage {
  readonly truth: readonly TruthBox[]
}

export interface LabeledDataset {
  readonly categories: readonly { readonly id: CategoryId; readonly name: string }[]
  readonly images: readonly LabeledImage[]
  /** What was left out and why, as lines for people; none where all is used. */
  readonly leftOut: readonly string[]
}

/**
 * Reads a data set in COCO format, `instances.json` beside `images/`, served at `folderUrl`. Images whose labels are
 * incomplete (a box of an unknown category, for example) are left out.
 * @param folderUrl ends with a slash
 * @throws UsageError when a file is missing or no image can be used, FormatError when the annotations are not COCO.
 */
export async function fetchCocoFolder(folderUrl: string): Promise<LabeledDataset> {
  const annotations = await fetchFile(`${folderUrl}instances.json`)
  const coco = readCoco(await annotations.text(), 'instances.json')
  const categories = coco.categories.map(({ name }, index) => ({
    id: `category-${index}` as CategoryId,
    name,
  }))
  const complete = coco.images.filter(({ leftOut }) => leftOut === 0)
  const leftOut = describeLeftOut(coco)
  if (complete.length === 0)
    throw new UsageError(
      [
        'instances.json has no image that can be used: correct it, or give another data set.',
        ...leftOut,
      ].join('\n'),
    )
  const images = await Promise.all(
    complete.map(async ({ fileName, boxes }) => ({
      imageId: fileName as ImageId,
      blob: await (await fetchFile(folderUrl + imagePath(fileName))).blob(),
      truth: boxes.flatMap(({ category, box, crowd, area }) => {
        const id = categories[category]?.id
        return id === undefined ? [] : { categoryId: id, box, crowd, ...(area && { area }) }
      }),
    })),
  )
  return { categories, images, leftOut }
}

function describeLeftOut({ images, problems }: CocoDataset): string[] {
  const faults = problems.filter(({ severity }) => severity === 'error')
  if (faults.length === 0) return []
  const records = faults.reduce((sum, { count }) => sum + count, 0)
  const incomplete = images.filter(({ leftOut }) => leftOut > 0).length
  const untold = faults.length - toldFaults
  return [
    `instances.json: ${records === 1 ? '1 record is' : `${records} records are`} left out` +
      (incomplete > 0
        ? `, and ${incomplete} of ${images.length} images, whose labels would be incomplete:`
        : ':'),
    ...faults.slice(0, toldFaults).map(({ where, message }) => `  ${where}: ${message}`),
    ...(untold > 0 ? [`  and ${untold} more kinds of faults`] : []),
  ]
}

/** Relative address of an image; any character may be in a file's name. */
function imagePath(fileName: string): string {
  return `images/${fileName.split('/').map(encodeURIComponent).join('/')}`
}

async function fetchFile(url: string): Promise<Response> {
  const response = await fetch(url)
  if (!response.ok) {
    throw new UsageError(
      `The data set has no file ${decodeURIComponent(url)} (HTTP ${response.status}): ` +
        'give a folder with instances.json and the images it names in images/.',
    )
  }
  return response
}

/** A random quarter as test split, as the app draws it; the rest is the pool. */
export function splitQuarter(images: readonly LabeledImage[], seed: number) {
  const keys = images.map(({ imageId }) => imageId)
  const held = drawTestSplit(keys, 0.25, seededRandom(seed).fork('split'))
  return {
    test: images.filter(({ imageId }) => held.has(imageId)),
    pool: images.filter(({ imageId }) => !held.has(imageId)),
  }
}
