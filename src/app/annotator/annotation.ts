import type { Annotation, AnnotationId, CategoryId, ImageRecord } from '../../core/dataset/types'
import type { Box } from '../../core/geometry/box'
import { clampBox } from './geometry'

/** A new ground-truth box on an image, clamped to it. */
export function newAnnotation(
  id: AnnotationId,
  image: ImageRecord,
  categoryId: CategoryId,
  box: Box,
  origin: Annotation['origin'],
): Annotation {
  return {
    id,
    projectId: image.projectId,
    imageId: image.id,
    categoryId,
    box: clampBox(box, image),
    origin,
    crowd: false,
  }
}
