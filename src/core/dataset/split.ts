import type { RandomSource } from '../random/types'
import type { Split } from './types'

/** From this many images on, a test split that is wanted at all holds at least one. */
const SMALLEST_SPLIT_DATASET = 5

/**
 * Draws which images are held out as the test split: `round(count * fraction)` of them, at least
 * one when `fraction` > 0 and there are five images or more.
 *
 * The draw depends on the set of keys and on `random`, not on their order. With content hashes as
 * keys the same files under the same seed give the same split in every project.
 *
 * @param keys ids or content hashes, one an image.
 * @param fraction share of the images, 0..1.
 * @throws RangeError when `fraction` is outside 0..1.
 */
export function drawTestSplit<Key extends string>(
  keys: readonly Key[],
  fraction: number,
  random: RandomSource,
): Set<Key> {
  const unique = [...new Set(keys)]
  return new Set(draw(unique, testCount(unique.length, fraction), random))
}

/**
 * Splits images that arrive later. Those already split keep their side; as many of the new ones
 * are drawn into the test split as bring its share of all images to `fraction`.
 *
 * @returns the side of every key of `arriving` that is not in `existing`.
 * @throws RangeError when `fraction` is outside 0..1.
 */
export function assignSplit<Key extends string>(
  existing: ReadonlyMap<Key, Split>,
  arriving: readonly Key[],
  fraction: number,
  random: RandomSource,
): Map<Key, Split> {
  const fresh = [...new Set(arriving)].filter((key) => !existing.has(key))
  const held = [...existing.values()].filter((split) => split === 'test').length
  const wanted = testCount(existing.size + fresh.length, fraction) - held
  const test = new Set(draw(fresh, Math.max(0, wanted), random))
  return new Map(fresh.map((key) => [key, test.has(key) ? 'test' : 'pool']))
}

function testCount(count: number, fraction: number): number {
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(`Test split: the fraction is ${fraction}; give a share from 0 to 1.`)
  }
  const smallest = fraction > 0 && count >= SMALLEST_SPLIT_DATASET ? 1 : 0
  return Math.max(smallest, Math.round(count * fraction))
}

function draw<Key extends string>(
  keys: readonly Key[],
  count: number,
  random: RandomSource,
): Key[] {
  return random.shuffle([...keys].sort()).slice(0, count)
}
