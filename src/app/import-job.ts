import { assignSplit } from '../core/dataset/split'
import { categoryColor, categoryKey } from '../core/dataset/palette'
import type { Category, CategoryId, ImageId, OracleRecord, Split } from '../core/dataset/types'
import { matchFiles } from '../core/format/coco/match'
import { placeBoxes } from '../core/format/coco/place'
import type { CocoImage } from '../core/format/coco/types'
import { seededRandom } from '../core/random/seeded'
import type { SourceFile } from '../media/collect'
import type { IngestedImage } from '../media/protocol'
import { Activity, isCancellation } from './activity.svelte'
import { labelsFromBoxes } from './import-labels'
import type { ImportReport } from './import-report'
import type { BoxesAs, PreparedImport } from './import-scan'
import type { Session } from './session'

/** Files read and decoded side by side: two keep both the worker and the disk busy. */
const parallelFiles = 2

/** What the annotation files say about one image file. */
interface ListedImage {
  readonly image: CocoImage
  /** Project category of each of the dataset's categories, by index. */
  readonly categoryIds: readonly CategoryId[]
}

/** The outcome so far; turned into the report at the end. */
interface Tally {
  imported: number
  boxes: number
  readonly duplicates: string[]
  readonly failures: { path: string; message: string }[]
  readonly warnings: { path: string; message: string }[]
}

/**
 * Imports image by image: each is stored whole or not at all, a broken one is listed and the rest goes on, and
 * cancelling keeps what is complete. Progress is in `session.activity`, the outcome in `session.importReport`.
 */
export async function runImport(
  session: Session,
  prepared: PreparedImport,
  boxesAs: BoxesAs,
): Promise<void> {
  const tally: Tally = {
    imported: 0,
    boxes: 0,
    duplicates: [],
    failures: [],
    warnings: [...prepared.problems],
  }
  let cancelled = false
  // Asks the browser not to clear the images by itself when the disk runs low; its answer changes nothing here.
  void navigator.storage.persist()
  try {
    await session.during(new Activity('import', 'Importing images'), async (activity) => {
      const listed =
        boxesAs === 'none' ? new Map() : await matchAnnotations(session, prepared, tally)
      const fresh = await withoutDuplicates(session, prepared.images, tally, activity)
      const splits = splitArriving(
        session,
        fresh.map(({ sha256 }) => sha256),
      )
      if (boxesAs === 'oracle' && !session.project.hasOracle && fresh.length > 0)
        await markOracle(session)
      await storeAll(session, fresh, listed, splits, boxesAs, tally, activity)
    })
  } catch (error) {
    if (!isCancellation(error)) throw error
    cancelled = true
  } finally {
    prepared.dispose()
    await session.reload()
    session.importReport = report(tally, boxesAs, prepared.boxes > 0, cancelled)
  }
}

function report(
  tally: Tally,
  boxesAs: BoxesAs,
  hasBoxes: boolean,
  cancelled: boolean,
): ImportReport {
  return { ...tally, boxesAs: hasBoxes ? boxesAs : 'none', cancelled }
}

/** Finds each listed image's file and gives every dataset category its place in the project. */
async function matchAnnotations(
  session: Session,
  prepared: PreparedImport,
  tally: Tally,
): Promise<Map<string, ListedImage>> {
  const listed = new Map<string, ListedImage>()
  const paths = prepared.images.map(({ path }) => path)
  for (const { path, dataset } of prepared.annotationFiles) {
    const categoryIds = await ensureCategories(
      session,
      dataset.categories.map(({ name }) => name),
    )
    const { byPath, problems } = matchFiles(dataset, paths, path)
    for (const [imagePath, image] of byPath) listed.set(imagePath, { image, categoryIds })
    tally.warnings.push(...problems.map(({ where, message }) => ({ path: where, message })))
  }
  return listed
}

async function ensureCategories(session: Session, names: readonly string[]): Promise<CategoryId[]> {
  const byName = new Map(session.categories.map(({ name, id }) => [name, id]))
  const added: Category[] = []
  for (const name of names) {
    if (byName.has(name)) continue
    const order = session.categories.length + added.length
    const id = session.services.newId<CategoryId>()
    byName.set(name, id)
    added.push({
      id,
      projectId: session.project.id,
      name,
      color: categoryColor(order),
      key: categoryKey(order),
      order,
    })
  }
  await session.services.storage.putCategories(added)
  if (added.length > 0) await session.labels.load()
  return names.flatMap((name) => byName.get(name) ?? [])
}

interface HashedFile {
  readonly file: SourceFile
  readonly sha256: string
}

/** Leaves out files whose bytes the project already holds or that come twice; unreadable ones become failures. */
async function withoutDuplicates(
  session: Session,
  files: readonly SourceFile[],
  tally: Tally,
  activity: Activity,
): Promise<HashedFile[]> {
  const known = await session.services.storage.listHashes(session.project.id)
  const fresh: HashedFile[] = []
  activity.enter('Looking for duplicates', files.length)
  for (const [index, file] of files.entries()) {
    activity.signal.throwIfAborted()
    try {
      const sha256 = await session.services.media.call(
        'hash',
        { file: await file.open() },
        { signal: activity.signal },
      )
      if (known.has(sha256)) tally.duplicates.push(file.path)
      else fresh.push({ file, sha256 })
      known.add(sha256)
    } catch (error) {
      fail(tally, file.path, error)
    }
    activity.advance(index + 1, files.length)
  }
  return fresh
}

/** Hashes as keys: the same files under the same seed are split alike in every project. */
function splitArriving(session: Session, hashes: readonly string[]): Map<string, Split> {
  const existing = new Map(session.images.map(({ sha256, split }) => [sha256, split]))
  const random = seededRandom(session.project.seed).fork('test split')
  return assignSplit(existing, hashes, session.project.testFraction, random)
}

async function storeAll(
  session: Session,
  files: readonly HashedFile[],
  listed: ReadonlyMap<string, ListedImage>,
  splits: ReadonlyMap<string, Split>,
  boxesAs: BoxesAs,
  tally: Tally,
  activity: Activity,
): Promise<void> {
  const { services, images } = session
  const firstOrder = 1 + Math.max(-1, ...images.map(({ order }) => order))
  const startedAt = services.now()
  let next = 0
  let done = 0
  activity.enter('Reading images', files.length)

  async function work(): Promise<void> {
    while (next < files.length) {
      activity.signal.throwIfAborted()
      const index = next++
      const { file, sha256 } = files[index]
      try {
        const blob = await file.open()
        const ingested = await services.media.call(
          'ingest',
          { file: blob, name: file.path },
          { signal: activity.signal },
        )
        const split = splits.get(sha256) ?? 'pool'
        await storeOne(
          session,
          { file, blob, ingested, split, order: firstOrder + index },
          listed.get(file.path),
          boxesAs,
          tally,
        )
      } catch (error) {
        if (isCancellation(error)) throw error
        // A full disk fails every following image too; stop there instead of listing them all.
        if (error instanceof Error && error.name === 'QuotaError') throw error
        fail(tally, file.path, error)
      }
      done++
      const perImage = (services.now() - startedAt) / 1000 / done
      activity.advance(done, files.length, perImage * (files.length - done))
    }
  }

  // Both workers have stopped before the outcome is told, so that nothing is stored after the report.
  const outcomes = await Promise.allSettled(Array.from({ length: parallelFiles }, work))
  const failure = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}

interface ReadImage {
  readonly file: SourceFile
  readonly blob: Blob
  readonly ingested: IngestedImage
  readonly split: Split
  readonly order: number
}

async function storeOne(
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
  const { orientation: _, thumbnail, ...facts } = ingested
  await services.storage.putImage({
    record: {
      ...facts,
      id: imageId,
      projectId: project.id,
      name: file.path,
      byteSize: blob.size,
      split,
      importedAt: services.now(),
      order,
    },
    blob,
    thumbnail,
    annotations: labels?.annotations ?? [],
    label: labels?.label,
    oracle,
  })
  tally.imported++
  tally.boxes += listing?.boxes.length ?? 0
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

async function markOracle(session: Session): Promise<void> {
  await session.services.storage.putProject({
    ...session.project,
    hasOracle: true,
    updatedAt: session.services.now(),
  })
}

function fail(tally: Tally, path: string, error: unknown): void {
  if (isCancellation(error)) throw error
  tally.failures.push({ path, message: error instanceof Error ? error.message : String(error) })
}
