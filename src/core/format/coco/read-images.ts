import * as v from 'valibot'
import type { ProblemCollector } from '../problem'
import { imageSchema, numberSchema } from './schema'
import type { CocoBox, CocoImage } from './types'

/** Longer sides are slips of the pen: no image file can have them. */
const MAX_SIDE = 1_000_000

/** An image whose boxes are still being gathered. */
export interface OpenImage extends CocoImage {
  readonly boxes: CocoBox[]
  leftOut: number
}

export interface ReadImages {
  readonly list: readonly OpenImage[]
  /** Id as text -> image; `undefined` = an id that two different images share. */
  readonly byId: ReadonlyMap<string, OpenImage | undefined>
}

function readSide(value: unknown): number | undefined {
  const parsed = v.safeParse(numberSchema, value)
  return parsed.success && parsed.output > 0 && parsed.output <= MAX_SIDE
    ? parsed.output
    : undefined
}

/**
 * Where two different images share an id, nobody can tell whose boxes are whose: both are left out, because an
 * image that stays would count as labelled, with wrong boxes or with none.
 */
export function readImages(records: readonly unknown[], problems: ProblemCollector): ReadImages {
  const byId = new Map<string, OpenImage | undefined>()
  const byName = new Map<string, OpenImage>()
  const ambiguous = new Set<OpenImage>()
  records.forEach((record, position) => {
    const parsed = v.safeParse(imageSchema, record)
    if (!parsed.success) {
      problems.add(
        'error',
        'image',
        `at position ${position}`,
        'no usable id or file_name; left out.',
      )
      return
    }
    const id = String(parsed.output.id)
    const fileName = parsed.output.file_name.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '')
    const width = readSide(parsed.output.width)
    const height = readSide(parsed.output.height)
    const sizeKnown = width !== undefined && height !== undefined
    if (!sizeKnown) {
      problems.add(
        'warning',
        'image',
        fileName,
        "no usable width and height; the image file's own are used.",
      )
    }
    let image = byName.get(fileName)
    if (image !== undefined) {
      problems.add('warning', 'image', fileName, 'listed more than once; boxes put together.')
    } else {
      image = sizeKnown
        ? { fileName, width, height, boxes: [], leftOut: 0 }
        : { fileName, width: undefined, height: undefined, boxes: [], leftOut: 0 }
      byName.set(fileName, image)
    }
    if (!byId.has(id)) {
      byId.set(id, image)
      return
    }
    const owner = byId.get(id)
    if (owner === image) return
    for (const shared of [owner, image]) {
      if (shared !== undefined && !ambiguous.has(shared)) {
        ambiguous.add(shared)
        problems.add(
          'error',
          'image',
          shared.fileName,
          'same id as another image, so their boxes cannot be told apart; left out. Give every image its own id.',
        )
      }
    }
    byId.set(id, undefined)
  })
  return { list: [...byName.values()].filter((image) => !ambiguous.has(image)), byId }
}
