/**
 * Procedural supermarket shelves with exact boxes: the data of the one-click demo, drawn from a
 * seed.
 */
export { shelfCategories, shelfScene } from './shelf-scene'
export { renderShelf } from './render-shelf'
