import { findObjects, type JudgedImage } from '../evaluation/found-objects'
import type { CalibrationSample } from './types'

/**
 * Which detections were right: as in the COCO evaluation at IoU 0.5, best-scored first, each takes the free object of
 * its category that it overlaps most. What finds nothing but a crowd region says nothing and is left out.
 *
 * For a calibration the detections must come from a model that has not seen the image; on its own training images it
 * would seem much too modest.
 * @returns in the order of images and detections
 */
export function calibrationSamples(images: readonly JudgedImage[]): CalibrationSample[] {
  return images.flatMap((image) =>
    findObjects(image).flatMap((finding, place): CalibrationSample[] => {
      const { categoryId, score } = image.detections[place]
      switch (finding.kind) {
        case 'object':
          return [{ categoryId, score, correct: true, iou: finding.iou }]
        case 'crowd':
          return []
        case 'nothing':
          return [{ categoryId, score, correct: false, iou: 0 }]
      }
    }),
  )
}
