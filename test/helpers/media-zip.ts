import { BlobReader, BlobWriter, ZipWriter, configure } from '@zip.js/zip.js'

configure({ useWebWorkers: false })

export interface ZipOptions {
  readonly zip64?: boolean
  readonly password?: string
}

/** A zip of these files, path -> content. */
export async function makeZip(
  files: Readonly<Record<string, Blob | string>>,
  options: ZipOptions = {},
): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter('application/zip'), options)
  for (const [path, content] of Object.entries(files)) {
    await writer.add(path, new BlobReader(new Blob([content])))
  }
  return writer.close()
}
