import { sortedById } from '../core/dataset/image-order'
import type { CategoryId, ImageId } from '../core/dataset/types'
import { seededRandom } from '../core/random/seeded'
import { shelfCategories } from '../synth'
import { createSynthClient } from '../synth/client'
import { fetchCocoFolder, type LabeledDataset, type LabeledImage } from './coco-folder'

/** Where labelled images come from. */
export type DataSource =
  /** `url` of a data set in COCO format; ends with a slash. */
  | { readonly kind: 'folder'; readonly url: string; readonly name: string }
  /** Drawn supermarket shelves. */
  | { readonly kind: 'shelf'; readonly images: number; readonly seed: number }

/** @throws Error when the data set cannot be read. */
export async function loadData(
  source: DataSource,
  report: (text: string) => void,
): Promise<LabeledDataset> {
  if (source.kind === 'folder') return fetchCocoFolder(source.url)
  report(`drawing ${source.images} shelves`)
  return drawShelves(source.images, source.seed)
}

async function drawShelves(count: number, seed: number): Promise<LabeledDataset> {
  const categories = shelfCategories.map(({ name }, index) => ({
    id: `category-${index}` as CategoryId,
    name,
  }))
  const synth = createSynthClient()
  try {
    const images: LabeledImage[] = []
    for (let index = 0; index < count; index++) {
      const { blob, objects } = await synth.call('shelf', { seed, index })
      const truth = objects.map(({ category, box }) => ({
        categoryId: categories[category].id,
        box,
        crowd: false,
      }))
      const name = `shelf-${String(index + 1).padStart(3, '0')}.jpg`
      images.push({ imageId: name as ImageId, blob, truth })
    }
    return { categories, images, leftOut: [] }
  } finally {
    synth.close()
  }
}

/**
 * Gives every image the labels of another one, drawn at random: what such labels teach is worth nothing, so no strategy
 * may gain by them.
 */
export function shuffleLabels(images: readonly LabeledImage[], seed: number): LabeledImage[] {
  const ordered = sortedById(images)
  const givers = seededRandom(seed).fork('shuffled labels').shuffle(ordered)
  return ordered.map((image, index) => ({ ...image, truth: givers[index].truth }))
}
