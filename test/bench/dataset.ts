import * as v from 'valibot'
import type { CategoryId, ImageId } from '../../src/core/dataset/types'
import type { TruthBox } from '../../src/core/evaluation/types'
import { seededRandom } from '../../src/core/random/seeded'
import type { EmbedImage } from '../../src/engine/protocol'

const schema = v.object({
  images: v.array(v.object({ id: v.number(), file_name: v.string() })),
  annotations: v.array(
    v.object({
      image_id: v.number(),
      category_id: v.number(),
      bbox: v.tuple([v.number(), v.number(), v.number(), v.number()]),
      iscrowd: v.optional(v.number()),
    }),
  ),
  categories: v.array(v.object({ id: v.number(), name: v.string() })),
})

export interface MeasuredImage extends EmbedImage {
  readonly truth: readonly TruthBox[]
}

export interface MeasuredDataset {
  readonly categories: readonly CategoryId[]
  readonly categoryNames: readonly string[]
  readonly images: readonly MeasuredImage[]
}

/** Fetches one of the data sets beside the repository, images included. */
export async function loadDataset(name: string): Promise<MeasuredDataset> {
  const folder = `/datasets/${name}/`
  const response = await fetch(`${folder}instances.json`)
  if (!response.ok) throw new Error(`There is no data set '${name}' in ../shared/datasets.`)
  const file = v.parse(schema, await response.json())
  const images = await Promise.all(
    file.images.map(async ({ id, file_name }) => ({
      imageId: String(id) as ImageId,
      blob: await (await fetch(`${folder}images/${file_name}`)).blob(),
      truth: file.annotations
        .filter((annotation) => annotation.image_id === id)
        .map(({ category_id, bbox: [x, y, width, height], iscrowd }) => ({
          categoryId: String(category_id) as CategoryId,
          box: { x, y, width, height },
          crowd: iscrowd === 1,
        })),
    })),
  )
  return {
    categories: file.categories.map(({ id }) => String(id) as CategoryId),
    categoryNames: file.categories.map(({ name: categoryName }) => categoryName),
    images,
  }
}

/** A random quarter as test split, the rest as pool in the order it would be labelled at random. */
export function splitDataset(images: readonly MeasuredImage[], seed: number) {
  const shuffled = seededRandom(seed).fork('split').shuffle(images)
  const testCount = Math.round(images.length / 4)
  return { test: shuffled.slice(0, testCount), pool: shuffled.slice(testCount) }
}
