import * as v from 'valibot'
import type { ProblemCollector } from '../problem'
import { imageSchema, numberSchema } from './schema'
import type { CocoBox, CocoImage } from './types'

/** Longer sides are slips of the pen: no image file can have them. */
const MAX_SIDE = 1_000_000

const sharedId =
  'same id as another image, so their boxes cannot be told apart; left out. Give every image its own id.'

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

/** Forward slashes, no leading './': two spellings of one path are one image. */
function normalName(fileName: string): string {
  return fileName.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '')
}

/** A record of an image that was not met before; without a usable size the file's own counts. */
function openImage(
  fileName: string,
  record: { readonly width?: unknown; readonly height?: unknown },
): OpenImage {
  const width = readSide(record.width)
  const height = readSide(record.height)
  return width === undefined || height === undefined
    ? { fileName, width: undefined, height: undefined, boxes: [], leftOut: 0 }
    : { fileName, width, height, boxes: [], leftOut: 0 }
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
      const message = 'no usable id or file_name; left out.'
      problems.add('error', 'image', `at position ${position}`, message)
      return
    }
    const fileName = normalName(parsed.output.file_name)
    const listed = openImage(fileName, parsed.output)
    if (listed.width === undefined) {
      const message = "no usable width and height; the image file's own are used."
      problems.add('warning', 'image', fileName, message)
    }
    const image = byName.get(fileName) ?? listed
    if (image === listed) byName.set(fileName, image)
    else problems.add('warning', 'image', fileName, 'listed more than once; boxes put together.')

    const id = String(parsed.output.id)
    const owner = byId.get(id)
    if (!byId.has(id) || owner === image) {
      byId.set(id, image)
      return
    }
    for (const shared of [owner, image]) {
      if (shared === undefined || ambiguous.has(shared)) continue
      ambiguous.add(shared)
      problems.add('error', 'image', shared.fileName, sharedId)
    }
    byId.set(id, undefined)
  })
  return { list: [...byName.values()].filter((image) => !ambiguous.has(image)), byId }
}
