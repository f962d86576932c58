import { ProblemCollector } from '../problem'
import { parseCocoRoot } from './parse'
import { readAnnotations } from './read-annotations'
import { readCategories } from './read-categories'
import { readImages } from './read-images'
import type { CocoDataset } from './types'

/**
 * Reads a COCO instances file. A bad record is left out and reported in `problems`; the others stay.
 * @param text the file's content
 * @param where the file's name, for messages
 * @throws FormatError when the file as a whole is not COCO
 * @see https://cocodataset.org/#format-data
 */
export function readCoco(text: string, where: string): CocoDataset {
  const root = parseCocoRoot(text, where)
  const problems = new ProblemCollector(where)
  const { categories, indexById } = readCategories(root.categories, problems)
  const images = readImages(root.images, problems)
  readAnnotations(root.annotations, indexById, images.byId, problems)
  return { categories, images: images.list, problems: problems.list() }
}
