/** The media worker: reads, checks and decodes image files and zips, away from the page. */
import { readCoco } from '../core/format/coco/read'
import { serve } from '../rpc/server'
import { sha256Hex } from './hash'
import { ingestImage } from './ingest'
import type { MediaMethods } from './protocol'
import { ZipStore } from './zip'

const zips = new ZipStore()

serve<MediaMethods>(
  {
    ingest: ({ file, name }, { signal }) => ingestImage(file, name, signal),
    hash: async ({ file }) => sha256Hex(await file.arrayBuffer()),
    openZip: ({ file }, { signal }) => zips.open(file, signal),
    readZipEntry: ({ zipId, path }, { signal }) => zips.read(zipId, path, signal),
    readCoco: async ({ file, path }) => readCoco(await file.text(), path),
    closeZip: ({ zipId }) => zips.close(zipId),
  },
  self,
)
