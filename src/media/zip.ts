import {
  BlobReader,
  BlobWriter,
  ERR_BAD_FORMAT,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_EOCDR_NOT_FOUND,
  ERR_SPLIT_ZIP_FILE,
  ZipReader,
  configure,
  type Entry,
  type FileEntry,
} from '@zip.js/zip.js/lib/zip-core-native.js'
import { isSystemFile, safePath } from './paths'
import type { MediaMethods } from './protocol'

// this code is in a worker already, and the content security policy forbids workers made of blobs
configure({ useWebWorkers: false })

const MAX_ENTRIES = 200_000
const MAX_ENTRY_BYTES = 2 ** 30

type OpenedZip = MediaMethods['openZip']['result']

interface ZipContent {
  readonly reader: ZipReader<Blob>
  readonly files: ReadonlyMap<string, FileEntry>
}

function entryLimit(entry: FileEntry): string | undefined {
  if (entry.encrypted)
    return 'is protected by a password. Unpack the zip yourself and add the files.'
  if (entry.uncompressedSize > MAX_ENTRY_BYTES) {
    return `unpacks to more than ${MAX_ENTRY_BYTES / 2 ** 30} GB and is left out. Unpack the zip yourself and add the files you need.`
  }
  return undefined
}

function explain(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error)
  if (message === ERR_ENCRYPTED_CENTRAL_DIRECTORY) {
    return new Error('The zip is protected by a password. Unpack it yourself and add the folder.')
  }
  if (message === ERR_SPLIT_ZIP_FILE) {
    return new Error(
      'The zip is one part of a split archive. Unpack it yourself and add the folder.',
    )
  }
  if (message === ERR_EOCDR_NOT_FOUND || message === ERR_BAD_FORMAT) {
    return new Error('The file is not a zip, or its end is missing. Copy or download it again.')
  }
  return new Error(
    `The zip is broken (${message}). Copy or download it again, or unpack it yourself and add the folder.`,
  )
}

function listFiles(entries: readonly Entry[]): {
  files: Map<string, FileEntry>
  skipped: { path: string; message: string }[]
} {
  const files = new Map<string, FileEntry>()
  const skipped: { path: string; message: string }[] = []
  for (const entry of entries) {
    if (entry.directory || isSystemFile(entry.filename.replaceAll('\\', '/'))) continue
    const path = safePath(entry.filename)
    if (path === undefined) {
      skipped.push({
        path: entry.filename,
        message: 'has a path that leads out of the zip and is left out.',
      })
      continue
    }
    const limit = files.has(path)
      ? 'is in the zip twice; the first one is used.'
      : entryLimit(entry)
    if (limit === undefined) files.set(path, entry)
    else skipped.push({ path, message: limit })
  }
  return { files, skipped }
}

/** The zips that are open in this worker. */
export class ZipStore {
  #zips = new Map<number, ZipContent>()
  #nextId = 1

  /**
   * Lists the files of a zip (zip64 included); macOS and Windows leftovers are dropped.
   * @throws Error when it is broken, no zip, holds too many files or nothing but password-protected ones.
   */
  async open(file: Blob, signal: AbortSignal): Promise<OpenedZip> {
    const reader = new ZipReader(new BlobReader(file))
    try {
      const entries: Entry[] = []
      for await (const entry of reader.getEntriesGenerator({
        filenameValidation: 'tolerant',
        strictness: 'tolerant',
      })) {
        signal.throwIfAborted()
        if (entries.push(entry) > MAX_ENTRIES) {
          throw new Error(`it holds more than ${MAX_ENTRIES} files`)
        }
      }
      signal.throwIfAborted()
      const { files, skipped } = listFiles(entries)
      if (
        files.size === 0 &&
        skipped.length > 0 &&
        entries.every((entry) => entry.directory || entry.encrypted)
      ) {
        throw new Error(ERR_ENCRYPTED_CENTRAL_DIRECTORY)
      }
      const zipId = this.#nextId++
      this.#zips.set(zipId, { reader, files })
      return {
        zipId,
        entries: Array.from(files, ([path, entry]) => ({ path, size: entry.uncompressedSize })),
        skipped,
      }
    } catch (error) {
      await reader.close()
      throw signal.aborted ? signal.reason : explain(error)
    }
  }

  /**
   * Unpacks one file and checks its CRC-32.
   * @throws Error when the entry is broken or does not unpack to the size that the zip declares.
   */
  async read(zipId: number, path: string, signal: AbortSignal): Promise<Blob> {
    const entry = this.#zips.get(zipId)?.files.get(path)
    if (entry === undefined)
      throw new Error(`${path} is not in the zip, or the zip was closed. Add the zip again.`)
    try {
      return await entry.getData(new BlobWriter(), {
        signal,
        checkCrc32: true,
        // entries sharing the same bytes are how a small zip unpacks to petabytes
        checkOverlappingEntry: true,
      })
    } catch (error) {
      if (signal.aborted) throw signal.reason
      const detail = error instanceof Error ? error.message : String(error)
      throw new Error(`${path} could not be unpacked (${detail}). Copy or download the zip again.`)
    }
  }

  /** Frees the zip; harmless when it is not open. */
  async close(zipId: number): Promise<undefined> {
    const zip = this.#zips.get(zipId)
    this.#zips.delete(zipId)
    await zip?.reader.close()
    return undefined
  }
}
