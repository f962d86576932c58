import type { RandomSource } from '../core/random/types'
import { seededRandom } from '../core/random/seeded'
import { toImage, visibleShelf, type Camera, type Point } from './camera'
import { products } from './catalogue'
import { planOccluders } from './occluders'
import { itemOutline } from './outline'
import { between, chance, pick } from './sampling'
import { planAssortment, planBoards, stockBoard, type Guest, type Stretch } from './shelf-layout'
import type {
  Capture,
  Fixture,
  Glare,
  Lighting,
  Occluder,
  ShelfItem,
  ShelfObject,
  ShelfScene,
} from './scene-types'
import { visibleExtents, type VisibleExtent } from './visible-extent'

/** Image size in pixels. */
export const sceneWidth = 640
export const sceneHeight = 480

/** Number of images the demo makes by default. */
export const defaultShelfCount = 400

/** Objects visible to a smaller part than this are not annotated. */
export const minimumVisibleFraction = 0.25

const fewestObjects = 8
const mostObjects = 30

/** A rare product appears in exactly one of this many consecutive images. */
const rarePeriod = 22

/** Names and interface colours of the eight products, in category order. */
export const shelfCategories: readonly { readonly name: string; readonly color: string }[] =
  products.map(({ name, color }) => ({ name, color }))

/** Categories of the rare products that image `index` has to show. */
function rareCategories(seed: number, index: number): number[] {
  const period = Math.floor(index / rarePeriod)
  return products.flatMap((product, category) => {
    if (!product.rare) return []
    // Stratified, not drawn image by image: the frequency is then the same for every seed.
    const slot = seededRandom(seed).fork(`rare/${category}/${period}`).integer(rarePeriod)
    return slot === index % rarePeriod ? [category] : []
  })
}

function planCamera(random: RandomSource): Camera {
  return {
    centre: { x: 0, y: 0 },
    pixelsPerCm: between(random, 5.9, 8.4),
    roll: chance(random, 0.7) ? random.normal() * 0.016 : random.normal() * 0.05,
    slantX: chance(random, 0.6) ? random.normal() * 0.00012 : random.normal() * 0.00042,
    slantY: random.normal() * 0.00016,
    principal: { x: sceneWidth / 2, y: sceneHeight / 2 },
  }
}

function planFixture(random: RandomSource): Fixture {
  return {
    wall: pick(random, ['#8d9196', '#a7a59f', '#6f747b', '#b9bcbd', '#585d63']),
    board: pick(random, ['#d9dadb', '#e9e8e4', '#b9bdc2', '#cfcac0']),
    rail: pick(random, ['#f1f1ef', '#dfe2e4', '#b8323a', '#2d5c9e', '#efe9da', '#3d4146']),
    perforated: chance(random, 0.6),
  }
}

function planLighting(random: RandomSource, view: Stretch): Lighting {
  const [red, green, blue] = pick(random, [
    [1.02, 1, 0.98],
    [1.02, 1, 0.98],
    [1.1, 0.99, 0.82],
    [0.9, 0.99, 1.1],
    [0.97, 1.05, 0.92],
  ])
  const level = chance(random, 0.2) ? between(random, 0.6, 0.78) : between(random, 0.98, 1.22)
  const glare: Glare[] = Array.from(
    { length: chance(random, 0.35) ? 1 + random.integer(3) : 0 },
    () => ({
      x: between(random, view.left, view.right),
      y: between(random, view.top, view.bottom),
      radius: between(random, 5, 13),
      strength: between(random, 0.25, 0.55),
    }),
  )
  return {
    gain: [red * level, green * level, blue * level],
    vignette: between(random, 0.05, 0.35),
    falloff: between(random, 0, 0.22),
    glare,
  }
}

function planCapture(random: RandomSource): Capture {
  return {
    noise: chance(random, 0.25) ? between(random, 4, 8) : between(random, 1, 3),
    noiseSeed: random.integer(2 ** 31 - 1),
    defocus: chance(random, 0.14) ? between(random, 0.8, 2) : 0,
    motion: chance(random, 0.1) ? between(random, 2, 5) : 0,
    motionAngle: between(random, -0.5, 0.5),
    quality: chance(random, 0.15) ? between(random, 0.35, 0.6) : 0.85,
  }
}

/** How much of each item can be seen: later items cover earlier ones, occluders cover all. Boxes in image pixels. */
export function itemExtents(
  items: readonly ShelfItem[],
  occluders: readonly Occluder[],
  camera: Camera,
  width: number,
  height: number,
): VisibleExtent[] {
  const project = (outline: readonly Point[]) => outline.map((point) => toImage(camera, point))
  const polygons = [
    ...items.map((item) => project(itemOutline(item))),
    ...occluders.map((occluder) => project(occluder.outline)),
  ]
  return visibleExtents(polygons, width, height).slice(0, items.length)
}

/**
 * Annotations that follow from what is drawn: the visible extent of every product, clipped to the image, where at least
 * `minimumVisibleFraction` of its silhouette is visible.
 */
export function annotate(
  items: readonly ShelfItem[],
  extents: readonly VisibleExtent[],
): ShelfObject[] {
  return items.flatMap(({ category }, index) => {
    const { fraction, box } = extents[index]
    if (category === undefined || box === undefined || fraction < minimumVisibleFraction) return []
    return [{ category, box }]
  })
}

function isInView(item: ShelfItem, view: Stretch): boolean {
  // The diagonal bounds the silhouette at every angle.
  const reach = Math.hypot(item.packaging.width, item.packaging.height) * item.scale
  return (
    item.x + reach > view.left &&
    item.x - reach < view.right &&
    item.y + reach > view.top &&
    item.y - reach < view.bottom
  )
}

function composeScene(random: RandomSource, rare: readonly number[]): ShelfScene {
  const camera = planCamera(random)
  const view = visibleShelf(camera, sceneWidth, sceneHeight)
  const empty = planBoards(random, view)
  const assortment = planAssortment(random)
  // Guests go to boards whose goods are wholly in view, left of the middle, so that they are not cut off.
  const usable = empty.flatMap((board, index) =>
    board.y - 16 > view.top + 4 && board.y < view.bottom - 4 ? [index] : [],
  )
  const guests: Guest[] =
    usable.length === 0
      ? []
      : rare.map((category) => ({
          category,
          board: pick(random, usable),
          x: between(random, view.left * 0.7, view.right * 0.4),
        }))
  const stocks = empty.map((board, index) =>
    stockBoard(
      random,
      board,
      assortment,
      guests.filter((guest) => guest.board === index),
      view,
    ),
  )
  const boards = empty.map((board, index) => ({ ...board, tags: stocks[index].tags }))
  const stocked = stocks.flatMap((stock) => stock.items).filter((item) => isInView(item, view))
  const occluders = planOccluders(random, boards, view)
  const extents = itemExtents(stocked, occluders, camera, sceneWidth, sceneHeight)
  return {
    width: sceneWidth,
    height: sceneHeight,
    camera,
    fixture: planFixture(random),
    boards,
    // What nothing is seen of need not be drawn.
    items: stocked.filter((_, index) => extents[index].fraction > 0),
    occluders,
    lighting: planLighting(random, view),
    capture: planCapture(random),
    objects: annotate(stocked, extents),
  }
}

/**
 * Scene number `index` of the endless sequence that belongs to `seed`: a stretch of supermarket shelf with 8 to 30 annotated
 * objects. Pure: equal arguments give equal scenes. Each rare product is in exactly one of every 22 consecutive images
 * (0..21, 22..43, ...).
 *
 * @throws RangeError when `index` is not a non-negative integer or `seed` is not finite.
 */
export function shelfScene(seed: number, index: number): ShelfScene {
  if (!Number.isSafeInteger(index) || index < 0) {
    throw new RangeError(`shelfScene: index is ${index}; pass a non-negative integer.`)
  }
  const rare = rareCategories(seed, index)
  // About every second composition meets the conditions, so the loop ends after a few turns.
  for (let attempt = 0; ; attempt += 1) {
    const random = seededRandom(seed).fork(`shelf/${index}/${attempt}`)
    const scene = composeScene(random, rare)
    const shown = new Set(scene.objects.map((object) => object.category))
    const count = scene.objects.length
    const complete = rare.every((category) => shown.has(category))
    if (complete && count >= fewestObjects && count <= mostObjects) return scene
  }
}
