/** `npm run size`: the built files, largest first, as they are and compressed. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildWhenStale } from './build.mjs'
import { root } from './setup.mjs'

await buildWhenStale()

const folder = join(root, 'dist')
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => {
    const path = join(entry.parentPath, entry.name)
    const content = readFileSync(path)
    return { name: relative(folder, path), bytes: content.length, gzip: gzipSync(content).length }
  })
  .sort((a, b) => b.gzip - a.gzip)

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(12)

/** @param {{name: string, bytes: number, gzip: number}} row */
const print = ({ name, bytes, gzip }) =>
  console.log(`${kilobytes(bytes)} ${kilobytes(gzip)} gzip  ${name}`)

files.forEach(print)
print({
  name: 'total',
  bytes: files.reduce((sum, file) => sum + file.bytes, 0),
  gzip: files.reduce((sum, file) => sum + file.gzip, 0),
})
