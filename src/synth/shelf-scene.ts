import type { RandomSource } from '../core/random/types'
import { seededRandom } from '../core/random/seeded'
import { toImage, visibleShelf, type Camera, type Point } from './camera'
import { products } from './catalogue'
import { planCamera, planCapture, planFixture, planLighting } from './conditions'
import { planOccluders } from './occluders'
import { itemOutline } from './outline'
import { between, pick } from './sampling'
import { planAssortment, planBoards, stockBoard, type Guest, type Stretch } from './shelf-layout'
import type { Occluder, ShelfItem, ShelfObject, ShelfScene } from './scene-types'
import { visibleExtents, type VisibleExtent } from './visible-extent'

/** Image size in pixels. */
const sceneWidth = 640
const sceneHeight = 480

/** Objects visible to a smaller part than this are not annotated. */
const minimumVisibleFraction = 0.25

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

/**
 * How much of each item can be seen: later items cover earlier ones, occluders cover all. Boxes in
 * image pixels.
 */
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
 * Annotations that follow from what is drawn: the visible extent of every product, clipped to the
 * image, where at least `minimumVisibleFraction` of its silhouette is visible.
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
  const camera = planCamera(random, sceneWidth, sceneHeight)
  const view = visibleShelf(camera, sceneWidth, sceneHeight)
  const empty = planBoards(random, view)
  const assortment = planAssortment(random)
  // Guests go to boards whose goods are wholly in view, left of the middle, so that they are not
  // cut off.
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
 * Scene number `index` of the endless sequence that belongs to `seed`: a stretch of supermarket
 * shelf with 8 to 30 annotated objects. Pure: equal arguments give equal scenes. Each rare product
 * is in exactly one of every 22 consecutive images (0..21, 22..43, ...).
 *
 * @throws RangeError when `index` is not a non-negative integer or `seed` is not finite.
 */
export function shelfScene(seed: number, index: number): ShelfScene {
  if (!Number.isSafeInteger(index) || index < 0) {
    throw new RangeError(`shelfScene: index is ${index}; pass a non-negative integer.`)
  }
  const rare = rareCategories(seed, index)
  // Six of seven compositions meet the conditions, so the loop ends after very few turns.
  for (let attempt = 0; ; attempt += 1) {
    const random = seededRandom(seed).fork(`shelf/${index}/${attempt}`)
    const scene = composeScene(random, rare)
    const shown = new Set(scene.objects.map((object) => object.category))
    const count = scene.objects.length
    const complete = rare.every((category) => shown.has(category))
    if (complete && count >= fewestObjects && count <= mostObjects) return scene
  }
}
