import type { Detection } from './types'

/** Detections in an image as they lie in its mirror image, left and right swapped; twice gives them back. */
export function mirrorDetections(
  detections: readonly Detection[],
  imageWidth: number,
): Detection[] {
  return detections.map((detection) => {
    const { box } = detection
    return { ...detection, box: { ...box, x: imageWidth - box.x - box.width } }
  })
}
