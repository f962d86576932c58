import { ProblemCollector, type FormatProblem } from '../problem'
import type { CocoDataset, CocoImage } from './types'

export interface MatchedFiles {
  /** Path as given -> what the file says about it. */
  readonly byPath: ReadonlyMap<string, CocoImage>
  readonly problems: readonly FormatProblem[]
}

/** macOS decomposes accents in file names; JSON written elsewhere does not. */
function normalize(path: string): string {
  return path.replaceAll('\\', '/').normalize('NFC')
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The path that fits a listed one, or the number of candidates. */
function pick(fileName: string, folder: string, sameBase: readonly string[]): string | number {
  for (const exact of [fileName, folder + fileName]) {
    const found = sameBase.find((path) => normalize(path) === exact)
    if (found !== undefined) return found
  }
  const ending = sameBase.filter((path) => normalize(path).endsWith(`/${fileName}`))
  const candidates = ending.length > 0 ? ending : sameBase
  return candidates.length === 1 ? (candidates[0] ?? 0) : candidates.length
}

/**
 * Finds the file of each listed image: by exact path, else by path from the COCO file's folder, else the only path
 * that ends with it, else the only file of that name. No file is given to two images.
 * @param paths paths of the image files at hand
 * @param where the COCO file's path, in the same terms
 */
export function matchFiles(
  dataset: CocoDataset,
  paths: readonly string[],
  where = 'labels',
): MatchedFiles {
  const folder = normalize(where).replace(/[^/]*$/, '')
  const problems = new ProblemCollector(where)
  const pathsByBase = new Map<string, string[]>()
  for (const path of paths) {
    const base = baseName(normalize(path))
    const same = pathsByBase.get(base)
    if (same === undefined) pathsByBase.set(base, [path])
    else same.push(path)
  }
  const byPath = new Map<string, CocoImage>()
  const contested = new Set<string>()
  for (const image of dataset.images) {
    const fileName = normalize(image.fileName)
    const picked = pick(fileName, folder, pathsByBase.get(baseName(fileName)) ?? [])
    if (picked === 0) {
      problems.add(
        'error',
        'image',
        image.fileName,
        'listed, but no such file was added; left out.',
      )
    } else if (typeof picked === 'number') {
      problems.add(
        'error',
        'image',
        image.fileName,
        'path that fits several of the files added; left out. Add the folder that the listed paths start in.',
      )
    } else if (byPath.has(picked)) {
      contested.add(picked)
      problems.add(
        'error',
        'image',
        image.fileName,
        'same file as another listed image; all are left out.',
      )
    } else {
      byPath.set(picked, image)
    }
  }
  for (const path of contested) byPath.delete(path)
  return { byPath, problems: problems.list() }
}
