import type { WorkerClient } from '../rpc/client'
import { fileKind, isSystemFile } from './paths'
import type { MediaMethods } from './protocol'

/** A file that was dropped or picked, or lies in a zip that was. */
export interface SourceFile {
  /** Path inside the import with forward slashes; a file in a zip is `data.zip/images/a.jpg`. */
  readonly path: string
  /** Bytes, unpacked. */
  readonly size: number
  /** @throws Error when the file is gone, or its zip is broken or closed. */
  open(): Promise<Blob>
}

export interface CollectedFiles {
  /** Images and JSON files, by path with numbers in counting order. */
  readonly files: readonly SourceFile[]
  /** What could not be listed, in whole sentences: unreadable folders, broken zips. */
  readonly problems: readonly { readonly path: string; readonly message: string }[]
  /** Paths of files that are neither images, JSON nor zips. */
  readonly skipped: readonly string[]
  /** Closes the zips; `open()` of their files fails from then on. */
  dispose(): void
}

interface FoundFile {
  readonly path: string
  readonly file: File
}

const byPath = new Intl.Collator('en', { numeric: true })

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

class Collector {
  readonly #media: WorkerClient<MediaMethods>
  readonly #signal: AbortSignal | undefined
  readonly #files: SourceFile[] = []
  readonly #problems: { path: string; message: string }[] = []
  readonly #skipped: string[] = []
  readonly #zipIds: number[] = []

  constructor(media: WorkerClient<MediaMethods>, signal: AbortSignal | undefined) {
    this.#media = media
    this.#signal = signal
  }

  async finish(found: AsyncIterable<FoundFile>): Promise<CollectedFiles> {
    try {
      for await (const { path, file } of found) {
        this.#signal?.throwIfAborted()
        await this.#add(path, file)
      }
    } catch (error) {
      this.#dispose()
      throw error
    }
    return {
      files: this.#files.sort((a, b) => byPath.compare(a.path, b.path)),
      problems: this.#problems,
      skipped: this.#skipped,
      dispose: () => this.#dispose(),
    }
  }

  /** Everything below a folder entry, depth first; what cannot be read becomes a problem. */
  async *walk(entry: FileSystemEntry): AsyncGenerator<FoundFile> {
    const path = entry.fullPath.replace(/^\/+/, '')
    try {
      if (entry.isFile) {
        yield { path, file: await readFileEntry(entry as FileSystemFileEntry) }
        return
      }
    } catch (error) {
      this.#report(path, `could not be read (${reasonOf(error)}). Check that it is still there.`)
      return
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader()
    for (;;) {
      this.#signal?.throwIfAborted()
      let batch: FileSystemEntry[]
      try {
        batch = await readBatch(reader)
      } catch (error) {
        this.#report(
          path,
          `is a folder that could not be listed (${reasonOf(error)}). Check that it is still there.`,
        )
        return
      }
      if (batch.length === 0) return
      for (const child of batch) yield* this.walk(child)
    }
  }

  async #add(path: string, file: File): Promise<void> {
    const kind = fileKind(path)
    if (isSystemFile(path)) return
    if (kind === 'zip') await this.#addZip(path, file)
    else if (kind !== 'other' || file.type.startsWith('image/')) {
      this.#files.push({ path, size: file.size, open: () => Promise.resolve(file) })
    } else this.#skipped.push(path)
  }

  async #addZip(zipPath: string, file: File): Promise<void> {
    let zip: MediaMethods['openZip']['result']
    try {
      zip = await this.#media.call('openZip', { file }, { signal: this.#signal })
    } catch (error) {
      this.#signal?.throwIfAborted()
      this.#report(zipPath, `could not be opened. ${reasonOf(error)}`)
      return
    }
    const { zipId } = zip
    this.#zipIds.push(zipId)
    for (const { path, message } of zip.skipped) this.#report(`${zipPath}/${path}`, message)
    for (const { path, size } of zip.entries) {
      const kind = fileKind(path)
      if (kind === 'image' || kind === 'labels') {
        this.#files.push({
          path: `${zipPath}/${path}`,
          size,
          open: () => this.#media.call('readZipEntry', { zipId, path }),
        })
      } else this.#skipped.push(`${zipPath}/${path}`)
    }
  }

  #report(path: string, remark: string): void {
    this.#problems.push({ path, message: `${path} ${remark}` })
  }

  #dispose(): void {
    for (const zipId of this.#zipIds.splice(0)) {
      // a worker that died meanwhile has closed its zips with it
      this.#media.call('closeZip', { zipId }).catch(() => undefined)
    }
  }
}

function readFileEntry(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/** Chromium hands out a folder in batches of 100; an empty batch is the end. */
function readBatch(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject))
}

/**
 * Lists files and folders given as entries; see `collectFiles`.
 * @throws the signal's reason when cancelled
 */
export function collectEntries(
  entries: readonly (FileSystemEntry | File)[],
  media: WorkerClient<MediaMethods>,
  signal?: AbortSignal,
): Promise<CollectedFiles> {
  const collector = new Collector(media, signal)
  async function* walkAll(): AsyncGenerator<FoundFile> {
    for (const entry of entries) {
      if (entry instanceof File) yield { path: entry.webkitRelativePath || entry.name, file: entry }
      else yield* collector.walk(entry)
    }
  }
  return collector.finish(walkAll())
}

/**
 * Lists what was dropped or picked: folders are walked, zips opened, other files than images and JSON passed over.
 * A transfer must be given in the drop event's handler itself: the browser empties it as soon as the handler returns.
 * @param media opens the zips
 * @throws the signal's reason when cancelled
 */
export function collectFiles(
  source: DataTransfer | Iterable<File>,
  media: WorkerClient<MediaMethods>,
  signal?: AbortSignal,
): Promise<CollectedFiles> {
  if (!(source instanceof DataTransfer)) return collectEntries([...source], media, signal)
  const entries = Array.from(source.items, (item) =>
    item.kind === 'file' ? (item.webkitGetAsEntry() ?? item.getAsFile()) : null,
  )
  return collectEntries(
    entries.filter((entry) => entry !== null),
    media,
    signal,
  )
}
