import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { hash32, hashHex } from './hash'
import type { RandomSource } from './types'

/**
 * A reproducible stream (xoroshiro128+, Blackman & Vigna 2018): equal seeds give equal streams on
 * every machine, different seeds unrelated ones, neighbouring seeds included.
 *
 * @throws RangeError when `seed` is not a finite number.
 */
export function seededRandom(seed: number): RandomSource {
  if (!Number.isFinite(seed)) {
    throw new RangeError(`seededRandom: the seed is ${seed}; pass a finite number, e.g. 42.`)
  }
  return fromKey(String(seed))
}

function fromKey(key: string): RandomSource {
  // The whole 128-bit state comes from a hash of the key: pure-rand's own seeding fills 32 bits
  // only, and the first draws of neighbouring seeds would then be visibly alike.
  const state = [0, 1, 2, 3].map((word) => hash32(key, word) | 0)
  // All zeros is the one state xoroshiro never leaves.
  const generator = xoroshiro128plusFromState(
    state.every((word) => word === 0) ? [1, 0, 0, 0] : state,
  )

  const next = () => uniformFloat64(generator)

  const integer = (bound: number) => {
    if (!Number.isSafeInteger(bound) || bound <= 0) {
      throw new RangeError(`RandomSource.integer: bound is ${bound}; pass a positive integer.`)
    }
    return uniformInt(generator, 0, bound - 1)
  }

  return {
    next,
    integer,
    normal() {
      // Box-Muller; 1 - u is in (0, 1], so the logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log(1 - next()))
      return radius * Math.cos(2 * Math.PI * next())
    },
    shuffle(items) {
      const result = [...items]
      for (let i = result.length - 1; i > 0; i--) {
        const j = integer(i + 1)
        const [a, b] = [result[i], result[j]]
        result[i] = b
        result[j] = a
      }
      return result
    },
    fork(label) {
      // A prefix of fixed length: fork('a').fork('b') can never meet fork('ab') or fork('a/b').
      return fromKey(`${hashHex(key, 4)}/${label}`)
    },
  }
}
