import type {
  CategoryId,
  ImageId,
  ImageRecord,
  OracleRecord,
  Split,
} from '../../core/dataset/types'
import { placeBoxes } from '../../core/format/coco/place'
import type { CocoImage } from '../../core/format/coco/types'
import type { SourceFile } from '../../media/collect'
import type { IngestedImage } from '../../media/protocol'
import { labelsFromBoxes } from './labels'
import type { BoxesAs } from '../state/import-report'
import { newImage } from './new-image'
import type { Session } from '../state/session'

/** What the annotation files say about one image file. */
export interface ListedImage {
  readonly image: CocoImage
  /** Project category of each of the dataset's categories, by index. */
  readonly categoryIds: readonly CategoryId[]
}

/** The outcome of an import so far; turned into the report at the end. */
export interface Tally {
  imported: number
  /** Images that were in the project already, without labels, and have them now. */
  attached: number
  boxes: number
  readonly duplicates: string[]
  readonly failures: { path: string; message: string }[]
  readonly warnings: { path: string; message: string }[]
}

/** An image file that was read and found whole. */
interface ReadImage {
  readonly file: SourceFile
  readonly blob: Blob
  readonly ingested: IngestedImage
  readonly split: Split
  readonly order: number
}

/** Stores one image with what the annotation files say about it, whole or not at all, and counts it. */
export async function storeImage(
  session: Session,
  { file, blob, ingested, split, order }: ReadImage,
  listed: ListedImage | undefined,
  boxesAs: BoxesAs,
  tally: Tally,
): Promise<void> {
  const { services, project } = session
  const imageId = services.newId<ImageId>()
  const listing = listed === undefined ? undefined : placeListed(listed, ingested, file.path, tally)
  const labels = importedLabels(session, imageId, listing, split, boxesAs)
  const oracle =
    listing?.complete === true && boxesAs === 'oracle'
      ? { imageId, projectId: project.id, boxes: listing.boxes }
      : undefined
  await services.storage.putImage({
    ...newImage(services, project, imageId, ingested, blob, { name: file.path, split, order }),
    annotations: labels?.annotations ?? [],
    label: labels?.label,
    oracle,
  })
  tally.imported++
  tally.boxes += listing?.boxes.length ?? 0
}

/**
 * Gives an image that is in the project already what the annotation files say about it, unless somebody has begun to
 * label it or an oracle knows it: those words stand. @returns whether it had none
 */
export async function attachListed(
  session: Session,
  { id: imageId, split }: ImageRecord,
  path: string,
  ingested: IngestedImage,
  listed: ListedImage,
  boxesAs: BoxesAs,
  tally: Tally,
): Promise<boolean> {
  const { storage } = session.services
  const isUntouched = (): boolean =>
    session.labels.label(imageId) === undefined && session.labels.of(imageId).length === 0
  if (!isUntouched() || (await storage.getOracle([imageId])).length > 0) return false
  const listing = placeListed(listed, ingested, path, tally)
  const labels = importedLabels(session, imageId, listing, split, boxesAs)
  if (boxesAs === 'oracle' && listing.complete)
    await storage.putOracle({ imageId, projectId: session.project.id, boxes: listing.boxes })
  // The annotator may have been there first meanwhile.
  if (labels !== undefined && isUntouched()) {
    const diff = { added: labels.annotations, updated: [], removed: [] }
    const { status, secondsSource } = labels.label
    await session.labels.commit(imageId, diff, { status, secondsSource })
  }
  tally.attached++
  tally.boxes += listing.boxes.length
  return true
}

interface Listing {
  readonly boxes: OracleRecord['boxes']
  /** False when objects the file names could not be taken over: the image is then not fully labelled. */
  readonly complete: boolean
}

function placeListed(
  { image, categoryIds }: ListedImage,
  file: IngestedImage,
  path: string,
  tally: Tally,
): Listing {
  const { boxes, complete, problem } = placeBoxes(image, file)
  if (problem !== undefined) tally.warnings.push({ path, message: `${path} ${problem.message}` })
  return {
    boxes: boxes.map(({ category, box, crowd }) => ({
      categoryId: categoryIds[category],
      box,
      crowd,
    })),
    complete,
  }
}

/**
 * The test split is never queried, so an oracle's answers for it are taken as labels at once. An image with boxes
 * that could not be read stays in progress: somebody has to look at it.
 */
function importedLabels(
  { services, project }: Session,
  imageId: ImageId,
  listing: Listing | undefined,
  split: Split,
  boxesAs: BoxesAs,
): ReturnType<typeof labelsFromBoxes> | undefined {
  if (listing === undefined || boxesAs === 'none') return undefined
  if (boxesAs === 'oracle' && split === 'pool') return undefined
  const origin = boxesAs === 'oracle' ? 'oracle' : 'import'
  const labels = labelsFromBoxes(services, project.id, imageId, listing.boxes, origin)
  return listing.complete
    ? labels
    : { ...labels, label: { ...labels.label, status: 'in-progress' } }
}
