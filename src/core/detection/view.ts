import type { Box } from '../geometry/box'
import { createLetterbox, type Letterbox } from '../geometry/letterbox'
import { clipBox } from '../geometry/overlap'
import { hash32 } from '../random/hash'
import { seededRandom } from '../random/seeded'
import type { RandomSource } from '../random/types'
import type { TargetBox } from './targets'

/** How far the views of an image may differ from the image. */
export interface ViewLimits {
  /** Whether left and right may be swapped. */
  readonly mirror: boolean
  /** Largest factor of its size, and 1 / the smallest; at least 1. */
  readonly zoom: number
  /** How much of the room there is beside the image, or of what does not fit on the input, it may be moved by; 0 to 1. */
  readonly shift: number
  /** Largest change of the brightness, as a share of it. */
  readonly brightness: number
  /** Largest change of one colour channel beside that, as a share. */
  readonly colour: number
}

/** One way to show an image to a network that learns from it. */
export interface View {
  /** Left and right are swapped. */
  readonly mirrored: boolean
  /** Where the (mirrored) image lies on the input; parts may lie outside. */
  readonly letterbox: Letterbox
  /** Factors of red, green and blue. */
  readonly gains: readonly [number, number, number]
}

/** Limits of the views that are embedded beside an image. */
const cachedViewLimits: ViewLimits = {
  mirror: true,
  zoom: 1.22,
  shift: 1,
  brightness: 0.2,
  colour: 0.1,
}
/** Views of all labelled images together that are worth their memory: more images show enough by themselves. */
const mostCachedViews = 1500

/** Views of each image to learn from beside it, `wanted` at most. */
export function viewsPerImage(wanted: number, imageCount: number): number {
  return Math.min(wanted, Math.floor(mostCachedViews / Math.max(1, imageCount)))
}

/**
 * The views of an image that are embedded beside it: always the same ones, so that they can be kept; every other one
 * mirrored.
 * @param name of the image; the same name gives the same views
 * @param size side of the input in pixels
 */
export function drawViews(
  name: string,
  imageWidth: number,
  imageHeight: number,
  size: number,
  count: number,
): View[] {
  const random = seededRandom(hash32(name, 0))
  return Array.from({ length: count }, (_, index) => ({
    ...drawView(imageWidth, imageHeight, size, cachedViewLimits, random.fork(`view ${index}`)),
    mirrored: index % 2 === 0,
  }))
}

/** Less of an object than this says too little to ask for it. */
const smallestVisibleShare = 0.5

/**
 * Draws a view: mirrored or not, zoomed by a factor that is as likely to shrink as to enlarge, at a random place (on the
 * input where it fits, else with some of it outside), in slightly other colours.
 * @param size side of the input in pixels
 */
export function drawView(
  imageWidth: number,
  imageHeight: number,
  size: number,
  { mirror, zoom, shift, brightness, colour }: ViewLimits,
  random: RandomSource,
): View {
  const mirrored = random.next() < 0.5 && mirror
  const plain = createLetterbox(imageWidth, imageHeight, size)
  const factor = zoom ** (2 * random.next() - 1)
  const width = plain.width * factor
  const height = plain.height * factor
  const place = (room: number): number => room * (0.5 + shift * (random.next() - 0.5))
  const letterbox: Letterbox = {
    size,
    scale: plain.scale * factor,
    offsetX: place(size - width),
    offsetY: place(size - height),
    width,
    height,
  }
  const change = (share: number): number => 1 + share * (2 * random.next() - 1)
  const common = change(brightness)
  const gains = [change(colour), change(colour), change(colour)] as const
  return { mirrored, letterbox, gains: [common * gains[0], common * gains[1], common * gains[2]] }
}

/**
 * The boxes as the view shows them, in pixels of the mirrored image: cut off where the view ends. Of an object of which
 * less than half is left, nothing is asked: its region is marked as a crowd.
 */
export function viewBoxes(
  boxes: readonly TargetBox[],
  { mirrored, letterbox }: Pick<View, 'mirrored' | 'letterbox'>,
): TargetBox[] {
  const { size, scale, offsetX, offsetY, width } = letterbox
  const imageWidth = width / scale
  return boxes.flatMap(({ box, classIndex, crowd }) => {
    const x = mirrored ? imageWidth - box.x - box.width : box.x
    // In a frame that begins where the view does.
    const moved: Box = { ...box, x: x + offsetX / scale, y: box.y + offsetY / scale }
    const seen = clipBox(moved, size / scale, size / scale)
    if (seen === undefined) return []
    const visible = (seen.width * seen.height) / (box.width * box.height)
    const back: Box = { ...seen, x: seen.x - offsetX / scale, y: seen.y - offsetY / scale }
    return { box: back, classIndex, crowd: crowd || !(visible >= smallestVisibleShare) }
  })
}
