/**
 * Procedural supermarket shelves with exact boxes: the data of the one-click demo, drawn from a
 * seed.
 */
export { defaultShelfCount, shelfCategories, shelfScene } from './shelf-scene'
export { renderShelf } from './render-shelf'
export type { ShelfObject, ShelfScene } from './scene-types'
