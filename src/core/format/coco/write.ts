import type { Annotation, Category, ImageRecord } from '../../dataset/types'

export interface CocoExport {
  readonly categories: readonly Category[]
  /** Every image to list; one without annotations is listed as empty, so pass labelled images only. */
  readonly images: readonly ImageRecord[]
  /** Those of other images are not written. */
  readonly annotations: readonly Annotation[]
}

/**
 * A COCO instances file: pixels after EXIF orientation, ids counted from 1, categories and images by their `order`.
 * @throws Error when an annotation of a listed image has a category that is not listed
 * @see https://cocodataset.org/#format-data
 */
export function writeCoco({ categories, images, annotations }: CocoExport): string {
  const sortedCategories = categories.toSorted((a, b) => a.order - b.order)
  const sortedImages = images.toSorted((a, b) => a.order - b.order)
  const categoryIds = new Map(sortedCategories.map((category, index) => [category.id, index + 1]))
  const imageIds = new Map(sortedImages.map((image, index) => [image.id, index + 1]))
  const records = annotations.flatMap(({ imageId, categoryId, box, crowd }) => {
    const image = imageIds.get(imageId)
    if (image === undefined) return []
    const category = categoryIds.get(categoryId)
    if (category === undefined)
      throw new Error(`No category has the id ${categoryId}. Pass every category in use.`)
    return [{ image, category, box, crowd }]
  })
  return JSON.stringify({
    info: { description: 'Exported by Margin' },
    images: sortedImages.map((image, index) => ({
      id: index + 1,
      file_name: image.name,
      width: image.width,
      height: image.height,
    })),
    annotations: records.map(({ image, category, box, crowd }, index) => ({
      id: index + 1,
      image_id: image,
      category_id: category,
      bbox: [box.x, box.y, box.width, box.height],
      area: box.width * box.height,
      iscrowd: crowd ? 1 : 0,
      segmentation: [],
    })),
    categories: sortedCategories.map((category, index) => ({ id: index + 1, name: category.name })),
  })
}
