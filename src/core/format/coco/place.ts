import type { Box } from '../../geometry/box'
import { clipBox } from '../../geometry/overlap'
import { isQuarterTurn, turnBox } from '../turn-box'
import type { CocoBox, CocoImage } from './types'

/** The image file that a listed image turned out to be. */
export interface PlacedFile {
  /** Pixels after EXIF orientation. */
  readonly width: number
  readonly height: number
  /** EXIF orientation 1..8. */
  readonly orientation: number
}

export interface PlacedBoxes {
  /** In the upright frame of the file, clipped to it. */
  readonly boxes: readonly CocoBox[]
  /** False when objects that the file names are missing from `boxes`: the image must not count as labelled. */
  readonly complete: boolean
  /** A sentence that follows the image's name, when the boxes were not simply taken over. */
  readonly problem: { readonly severity: 'error' | 'warning'; readonly message: string } | undefined
}

/** Two sizes of one photo have nearly the same shape; rounding moves a side by less than a pixel. */
function scaleBetween(
  image: { width: number; height: number },
  file: PlacedFile,
): { x: number; y: number } | undefined {
  const scale = { x: file.width / image.width, y: file.height / image.height }
  const isSameShape = Math.abs(image.width * scale.y - file.width) <= Math.max(1, scale.y)
  return isSameShape ? scale : undefined
}

function mapBoxes(
  image: CocoImage,
  file: PlacedFile,
  map: (box: Box) => Box,
  areaFactor: number,
): CocoBox[] {
  return image.boxes.flatMap((item) => {
    const box = clipBox(map(item.box), file.width, file.height)
    if (box === undefined) return []
    return [
      item.area === undefined ? { ...item, box } : { ...item, box, area: item.area * areaFactor },
    ]
  })
}

/**
 * Moves a listed image's boxes into the upright frame of its file. The listed size tells which frame they are in:
 * the upright one, the stored one (a tool that ignored EXIF orientation), or another size of the same photo.
 */
export function placeBoxes(image: CocoImage, file: PlacedFile): PlacedBoxes {
  const complete = image.leftOut === 0
  const keep = (problem: PlacedBoxes['problem']): PlacedBoxes => ({
    boxes: mapBoxes(image, file, (box) => box, 1),
    complete,
    problem,
  })
  const { width, height } = image
  if (image.boxes.length === 0) return keep(undefined)
  if (width === undefined || height === undefined) {
    const placed = keep(undefined)
    if (placed.boxes.length === image.boxes.length) return placed
    return keep({ severity: 'warning', message: 'has boxes outside the image; they are left out.' })
  }
  if (width === file.width && height === file.height) {
    const isUnclear =
      file.orientation !== 1 && (!isQuarterTurn(file.orientation) || width === height)
    return keep(
      isUnclear
        ? {
            severity: 'warning',
            message:
              'is turned by EXIF, and its size does not tell whether the boxes are turned too; taken as they are. Check them.',
          }
        : undefined,
    )
  }
  if (isQuarterTurn(file.orientation) && width === file.height && height === file.width) {
    const turn = (box: Box): Box => turnBox(box, file.orientation, width, height)
    return { boxes: mapBoxes(image, file, turn, 1), complete, problem: undefined }
  }
  const scale = scaleBetween({ width, height }, file)
  const sizes = 'has another size than its label file says'
  if (scale === undefined) {
    return {
      boxes: [],
      complete: false,
      problem: {
        severity: 'error',
        message: `${sizes}, and another shape; its boxes are left out.`,
      },
    }
  }
  const resize = (box: Box): Box => ({
    x: box.x * scale.x,
    y: box.y * scale.y,
    width: box.width * scale.x,
    height: box.height * scale.y,
  })
  return {
    boxes: mapBoxes(image, file, resize, scale.x * scale.y),
    complete,
    problem: {
      severity: 'warning',
      message: `${sizes}, but the same shape; its boxes are scaled to fit.`,
    },
  }
}
