import { assignSplit } from '../../core/dataset/split'
import type { Split } from '../../core/dataset/types'
import { matchFiles } from '../../core/format/coco/match'
import { seededRandom } from '../../core/random/seeded'
import type { SourceFile } from '../../media/collect'
import { QuotaError } from '../../storage/database/errors'
import { Activity, isCancellation } from '../state/activity.svelte'
import { attachListed, storeImage, type ListedImage, type Tally } from './image'
import type { BoxesAs, ImportReport } from '../state/import-report'
import type { PreparedImport } from './scan'
import { changeProject } from './project-record'
import type { Session } from '../state/session'

/** Files read and decoded side by side: two keep both the worker and the disk busy. */
const parallelFiles = 2

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
    attached: 0,
    boxes: 0,
    duplicates: [],
    failures: [],
    warnings: [...prepared.problems],
  }
  try {
    // Asks the browser not to clear the images by itself when the disk runs low; its answer changes nothing here.
    navigator.storage.persist().catch(() => undefined)
    await session.during(new Activity('import', 'Importing images'), async (activity) => {
      let cancelled = false
      try {
        await importFiles(session, prepared, boxesAs, tally, activity)
      } catch (error) {
        if (!isCancellation(error)) throw error
        cancelled = true
      } finally {
        await session.reload()
        session.importReport = report(tally, boxesAs, prepared.boxes > 0, cancelled)
      }
    })
  } finally {
    prepared.dispose()
  }
}

async function importFiles(
  session: Session,
  prepared: PreparedImport,
  boxesAs: BoxesAs,
  tally: Tally,
  activity: Activity,
): Promise<void> {
  const listed: ReadonlyMap<string, ListedImage> =
    boxesAs === 'none' ? new Map() : await matchAnnotations(session, prepared, tally)
  const { fresh, known } = await withoutDuplicates(
    session,
    prepared.images,
    listed,
    tally,
    activity,
  )
  const splits = splitArriving(
    session,
    fresh.map(({ sha256 }) => sha256),
  )
  await requireSpace(session, fresh)
  if (boxesAs === 'oracle' && !session.project.hasOracle && fresh.length + known.length > 0)
    await changeProject(session, { hasOracle: true })
  await storeAll(session, fresh, listed, splits, boxesAs, tally, activity)
  await attachAll(session, known, listed, boxesAs, tally, activity)
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
    const categoryIds = await session.labels.addCategories(
      dataset.categories.map(({ name }) => name),
    )
    const { byPath, problems } = matchFiles(dataset, paths, path)
    for (const [imagePath, image] of byPath) listed.set(imagePath, { image, categoryIds })
    tally.warnings.push(...problems.map(({ where, message }) => ({ path: where, message })))
  }
  return listed
}

interface HashedFile {
  readonly file: SourceFile
  readonly sha256: string
}

const unusedListing = 'a duplicate; what the annotation files say about it was not taken over.'
const labeledBefore =
  'was labelled already; what the annotation files say about it was not taken over.'

/**
 * Leaves out files whose bytes the project already holds or that come twice; of two, the one that the annotation files
 * list stays, else the first. Unreadable ones become failures.
 * @returns beside those that are new, the listed ones that the project holds
 */
async function withoutDuplicates(
  session: Session,
  files: readonly SourceFile[],
  listed: ReadonlyMap<string, ListedImage>,
  tally: Tally,
  activity: Activity,
): Promise<{ readonly fresh: readonly HashedFile[]; readonly known: readonly HashedFile[] }> {
  const stored = await session.services.storage.listHashes(session.project.id)
  const fresh = new Map<string, SourceFile>()
  const known = new Map<string, SourceFile>()
  activity.enter('Looking for duplicates', files.length)
  for (const [index, file] of files.entries()) {
    activity.signal.throwIfAborted()
    try {
      const sha256 = await session.services.media.call(
        'hash',
        { file: await file.open() },
        { signal: activity.signal },
      )
      const earlier = fresh.get(sha256)
      const isBetter = earlier !== undefined && listed.has(file.path) && !listed.has(earlier.path)
      const isFirst = earlier === undefined && !stored.has(sha256)
      if (isFirst || isBetter) fresh.set(sha256, file)
      if (isBetter) tally.duplicates.push(earlier.path)
      else if (!isFirst) {
        tally.duplicates.push(file.path)
        if (listed.has(file.path) && stored.has(sha256) && !known.has(sha256))
          known.set(sha256, file)
        else if (listed.has(file.path))
          tally.warnings.push({ path: file.path, message: unusedListing })
      }
    } catch (error) {
      fail(tally, file.path, error)
    }
    activity.advance(index + 1, files.length)
  }
  const hashed = (files: ReadonlyMap<string, SourceFile>): HashedFile[] =>
    [...files].map(([sha256, file]) => ({ file, sha256 }))
  return { fresh: hashed(fresh), known: hashed(known) }
}

/** Labels for images that came earlier, without. */
async function attachAll(
  session: Session,
  files: readonly HashedFile[],
  listed: ReadonlyMap<string, ListedImage>,
  boxesAs: BoxesAs,
  tally: Tally,
  activity: Activity,
): Promise<void> {
  if (files.length === 0) return
  const byHash = new Map(session.images.map((image) => [image.sha256, image]))
  activity.enter('Labelling images that are here already', files.length)
  for (const [index, { file, sha256 }] of files.entries()) {
    activity.signal.throwIfAborted()
    const image = byHash.get(sha256)
    const listing = listed.get(file.path)
    if (image === undefined || listing === undefined) continue
    const params = { file: await file.open(), name: file.path }
    const ingested = await session.services.media.call('ingest', params, {
      signal: activity.signal,
    })
    if (!(await attachListed(session, image, file.path, ingested, listing, boxesAs, tally)))
      tally.warnings.push({ path: file.path, message: labeledBefore })
    activity.advance(index + 1, files.length)
  }
}

/** Cached features give way to images, so what they take counts as free. @throws when the images cannot fit then */
async function requireSpace(session: Session, files: readonly HashedFile[]): Promise<void> {
  const { storage } = session.services
  const [{ usedBytes, quotaBytes }, cached] = await Promise.all([
    storage.estimateSpace(),
    storage.featureUsage(),
  ])
  const left = Math.max(0, quotaBytes - usedBytes + cached.bytes)
  const needed = files.reduce((sum, { file }) => sum + file.size, 0)
  if (needed <= left) return
  const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20)
  throw new Error(
    `These ${files.length} images need ${megabytes(needed)} MB, and the browser has ${megabytes(left)} MB left for this site. Nothing was imported. Free disk space, delete projects, or import fewer images.`,
  )
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
  const firstOrder = 1 + (images.at(-1)?.order ?? -1)
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
        await storeImage(
          session,
          { file, blob, ingested, split, order: firstOrder + index },
          listed.get(file.path),
          boxesAs,
          tally,
        )
      } catch (error) {
        if (isCancellation(error)) throw error
        // A full disk fails every following image too; stop there instead of listing them all.
        if (error instanceof QuotaError) throw error
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

function fail(tally: Tally, path: string, error: unknown): void {
  if (isCancellation(error)) throw error
  tally.failures.push({ path, message: error instanceof Error ? error.message : String(error) })
}
