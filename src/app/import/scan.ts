import type { CocoDataset } from '../../core/format/coco/types'
import { type CollectedFiles, collectFiles, type SourceFile } from '../../media/collect'
import type { Session } from '../state/session'

export type ImportSource = DataTransfer | readonly File[]

/** One annotation file of an import. */
export interface AnnotationFile {
  readonly path: string
  readonly dataset: CocoDataset
}

/** What an import would bring; nothing has been stored yet. */
export interface PreparedImport {
  readonly images: readonly SourceFile[]
  readonly annotationFiles: readonly AnnotationFile[]
  /** Boxes in all annotation files. */
  readonly boxes: number
  readonly categories: readonly string[]
  /** Files that will be left out, and what is wrong with the annotation files. */
  readonly problems: readonly { readonly path: string; readonly message: string }[]
  /** Frees opened zips; `runImport` does it too. */
  dispose(): void
}

/**
 * Looks through folders, files and zips for images and COCO files.
 * @throws the signal's reason when cancelled
 */
export async function scanImport(
  session: Session,
  source: ImportSource,
  signal?: AbortSignal,
): Promise<PreparedImport> {
  const collected = await collectFiles(source, session.services.media, signal)
  try {
    return await prepare(session, collected, signal)
  } catch (error) {
    collected.dispose()
    throw error
  }
}

async function prepare(
  session: Session,
  collected: CollectedFiles,
  signal: AbortSignal | undefined,
): Promise<PreparedImport> {
  const images = collected.files.filter(({ path }) => !isJson(path))
  const { annotationFiles, problems } = await readAnnotationFiles(session, collected, signal)
  const datasets = annotationFiles.map(({ dataset }) => dataset)
  return {
    images,
    annotationFiles,
    boxes: datasets.reduce(
      (sum, { images: listed }) =>
        sum + listed.reduce((count, { boxes }) => count + boxes.length, 0),
      0,
    ),
    categories: [
      ...new Set(datasets.flatMap(({ categories }) => categories.map(({ name }) => name))),
    ],
    problems: [...collected.problems, ...passedOver(collected.skipped), ...problems],
    dispose: () => collected.dispose(),
  }
}

/** Files named in the remark about those that are of no use here. */
const namedFiles = 5

/** One remark for all: a dataset may come with a thousand files of another format. */
function passedOver(paths: readonly string[]): { path: string; message: string }[] {
  if (paths.length === 0) return []
  const names = paths.slice(0, namedFiles).join(', ')
  const more = paths.length > namedFiles ? ` and ${paths.length - namedFiles} more` : ''
  return [{ path: names + more, message: 'neither images nor COCO files; passed over.' }]
}

async function readAnnotationFiles(
  session: Session,
  collected: CollectedFiles,
  signal: AbortSignal | undefined,
): Promise<{ annotationFiles: AnnotationFile[]; problems: { path: string; message: string }[] }> {
  const annotationFiles: AnnotationFile[] = []
  const problems: { path: string; message: string }[] = []
  for (const { path, open } of collected.files.filter((file) => isJson(file.path))) {
    try {
      signal?.throwIfAborted()
      const params = { file: await open(), path }
      const dataset = await session.services.media.call('readCoco', params, { signal })
      annotationFiles.push({ path, dataset })
      problems.push(...dataset.problems.map(({ where, message }) => ({ path: where, message })))
    } catch (error) {
      signal?.throwIfAborted()
      problems.push({ path, message: error instanceof Error ? error.message : String(error) })
    }
  }
  return { annotationFiles, problems }
}

function isJson(path: string): boolean {
  return path.toLowerCase().endsWith('.json')
}
