/** What the page and the worker that draws scenes say to each other. Types only. */
import type { Box } from '../core/geometry/box'

export interface SynthMethods {
  /** Draws shelf number `index` of the series `seed`; the same numbers give the same picture. */
  shelf: {
    params: { readonly seed: number; readonly index: number }
    result: {
      readonly blob: Blob
      /** `category` is a position in `shelfCategories`. */
      readonly objects: readonly { readonly category: number; readonly box: Box }[]
    }
    event: never
  }
}
