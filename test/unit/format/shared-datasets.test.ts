import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { matchFiles } from '../../../src/core/format/coco/match'
import { readCoco } from '../../../src/core/format/coco/read'
import { readImageHeader } from '../../../src/media/header/read'

const shared = fileURLToPath(new URL('../../../../shared/datasets/', import.meta.url))
const isThere = existsSync(shared)
if (!isThere) console.warn(`skipped: ${shared} is absent`)

describe.skipIf(!isThere)('real data sets', () => {
  it.each([
    ['blood-cells', 3],
    ['playing-cards', 6],
  ])('%s is read whole', (name, categoryCount) => {
    const text = readFileSync(`${shared}${name}/instances.json`, 'utf8')
    const dataset = readCoco(text, `${name}/instances.json`)
    const raw = JSON.parse(text) as { images: unknown[]; annotations: unknown[] }
    expect(dataset.problems.filter((problem) => problem.severity === 'error')).toEqual([])
    expect(dataset.categories).toHaveLength(categoryCount)
    expect(dataset.images).toHaveLength(raw.images.length)
    expect(dataset.images.reduce((sum, image) => sum + image.boxes.length, 0)).toBe(
      raw.annotations.length,
    )

    const paths = dataset.images.map((image) => `${name}/images/${image.fileName}`)
    const { byPath, problems } = matchFiles(dataset, paths, `${name}/instances.json`)
    expect(problems).toEqual([])
    for (const path of paths) {
      const image = byPath.get(path)
      expect(readImageHeader(readFileSync(`${shared}${path}`)), path).toMatchObject({
        width: image?.width,
        height: image?.height,
      })
    }
  })
})
