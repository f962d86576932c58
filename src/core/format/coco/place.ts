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

const outside = 'has boxes outside the image; they are left out.'
const otherSize = 'has another size than its label file says'

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

/** Boxes given for a file of this very size; EXIF alone can make their frame doubtful. */
function remarkOnTurn({ width, height, orientation }: PlacedFile): PlacedBoxes['problem'] {
  if (orientation === 1 || (isQuarterTurn(orientation) && width !== height)) return undefined
  return {
    severity: 'warning',
    message:
      'is turned by EXIF, and its size does not tell whether the boxes are turned too; taken as they are. Check them.',
  }
}

/**
 * Moves a listed image's boxes into the upright frame of its file. The listed size tells which frame they are in:
 * the upright one, the stored one (a tool that ignored EXIF orientation), or another size of the same photo.
 */
export function placeBoxes(image: CocoImage, file: PlacedFile): PlacedBoxes {
  const { width, height } = image
  const complete = image.leftOut === 0
  const placed = (
    problem: PlacedBoxes['problem'],
    map: (box: Box) => Box = (box) => box,
    areaFactor = 1,
  ): PlacedBoxes => ({ boxes: mapBoxes(image, file, map, areaFactor), complete, problem })

  if (image.boxes.length === 0) return placed(undefined)
  if (width === undefined || height === undefined) {
    const kept = placed(undefined)
    return kept.boxes.length === image.boxes.length
      ? kept
      : { ...kept, problem: { severity: 'warning', message: outside } }
  }
  if (width === file.width && height === file.height) return placed(remarkOnTurn(file))
  if (isQuarterTurn(file.orientation) && width === file.height && height === file.width) {
    return placed(undefined, (box) => turnBox(box, file.orientation, width, height))
  }
  const scale = scaleBetween({ width, height }, file)
  if (scale === undefined) {
    const message = `${otherSize}, and another shape; its boxes are left out.`
    return { boxes: [], complete: false, problem: { severity: 'error', message } }
  }
  const resize = (box: Box): Box => ({
    x: box.x * scale.x,
    y: box.y * scale.y,
    width: box.width * scale.x,
    height: box.height * scale.y,
  })
  const message = `${otherSize}, but the same shape; its boxes are scaled to fit.`
  return placed({ severity: 'warning', message }, resize, scale.x * scale.y)
}
