import type { Box } from '../core/geometry/box'
import type { Camera, Point } from './camera'

/** The package forms the renderer can draw; each has one outline and one painter. */
export type PackageShape = 'carton' | 'box' | 'can' | 'bottle' | 'jar' | 'pouch' | 'tube'

/** The picture printed in the middle of a label. */
export type Motif =
  | 'mountain'
  | 'grain'
  | 'tomato'
  | 'beans'
  | 'citrus'
  | 'comb'
  | 'cup'
  | 'blossom'
  | 'leaf'
  | 'wave'
  | 'star'
  | 'berry'
  | 'fish'

/** How one product looks. Sizes in centimetres, colours in CSS notation. */
export interface Packaging {
  readonly brand: string
  readonly shape: PackageShape
  readonly width: number
  readonly height: number
  /** Main colour of the package. */
  readonly body: string
  /** Colour of the label field or band. */
  readonly label: string
  /** Colour of print on the label. */
  readonly ink: string
  /** Lid, cap or seal. */
  readonly cap: string
  readonly motif: Motif
}

/**
 * One package standing (or lying) on a board. `x, y` is the middle of its base in shelf centimetres
 * (y down), `angle` turns it about that point (radians, clockwise), `scale` shrinks packages that
 * stand further back.
 */
export interface ShelfItem {
  /** Index into `shelfCategories`; absent for a distractor. */
  readonly category?: number
  readonly packaging: Packaging
  readonly x: number
  readonly y: number
  readonly angle: number
  readonly scale: number
  /** How far the label is turned away from the front, -1..1 of half the width. */
  readonly yaw: number
  /** Brightness factor: things further back receive less light. */
  readonly shade: number
}

export interface PriceTag {
  readonly x: number
  readonly price: string
  readonly kind: 'plain' | 'offer'
}

/**
 * One board with its price rail. `y` is the front edge of the board's top surface, in shelf
 * centimetres.
 */
export interface ShelfBoard {
  readonly y: number
  /** Height of the free space above the board. */
  readonly clearance: number
  /** Height of the visible strip of its top surface: little at eye level, more further down. */
  readonly depth: number
  readonly tags: readonly PriceTag[]
}

/** Something in front of the shelf. `outline` is in shelf centimetres. */
export interface Occluder {
  readonly kind: 'wobbler' | 'basket' | 'sleeve'
  readonly outline: readonly Point[]
  readonly color: string
  readonly text: string
}

export interface Fixture {
  readonly wall: string
  readonly board: string
  readonly rail: string
  readonly perforated: boolean
}

export interface Glare {
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly strength: number
}

export interface Lighting {
  /** Gain of the red, green and blue channel. */
  readonly gain: readonly [number, number, number]
  /** Darkening at the image corners, 0..1. */
  readonly vignette: number
  /** Loss of light per image height from top to bottom, 0..1. */
  readonly falloff: number
  readonly glare: readonly Glare[]
}

export interface Capture {
  /** Standard deviation of sensor noise in 8-bit steps. */
  readonly noise: number
  readonly noiseSeed: number
  /** Radius of the defocus disc in image pixels. */
  readonly defocus: number
  /** Length of the motion smear in image pixels, and its direction in radians. */
  readonly motion: number
  readonly motionAngle: number
  /** JPEG quality, 0..1. */
  readonly quality: number
}

/** A product whose visible part covers at least a quarter of its silhouette. */
export interface ShelfObject {
  /** Index into `shelfCategories`. */
  readonly category: number
  /** Extent of the visible part, in image pixels, top-left origin, inside the image. */
  readonly box: Box
}

/** Everything that is drawn, back to front, and the exact boxes that follow from it. */
export interface ShelfScene {
  /** Image size in pixels. */
  readonly width: number
  readonly height: number
  readonly camera: Camera
  readonly fixture: Fixture
  readonly boards: readonly ShelfBoard[]
  readonly items: readonly ShelfItem[]
  readonly occluders: readonly Occluder[]
  readonly lighting: Lighting
  readonly capture: Capture
  readonly objects: readonly ShelfObject[]
}
