/** The bodies of the SIMD loops, whose meaning `SimdLoops` tells. */
import {
  add,
  addIntegers,
  advance,
  and,
  type Code,
  constant,
  get,
  isAbove,
  isAtMost,
  load,
  loadInteger,
  loadRepeated,
  type LoopFunction,
  max,
  min,
  mul,
  repeat,
  set,
  store,
  sub,
} from './assembler'

/** The two vectors of a block, as offsets in bytes. */
const halves = [0, 16] as const
const block = constant.integer(32)
const zeros = constant.number(0)

export function products(): LoopFunction {
  const [x, xStep, y, yStep, length, sums, blocks, xAt, yAt, left, ...totals] = locals(12)
  return {
    parameters: 7,
    integers: 3,
    vectors: 2,
    body: repeat(blocks, [
      ...copies([xAt, x], [yAt, y], [left, length]),
      ...halves.flatMap((_, half) => set(totals[half], zeros)),
      ...repeat(left, [
        ...halves.flatMap((offset, half) =>
          set(totals[half], add(get(totals[half]), mul(load(xAt, offset), load(yAt, offset)))),
        ),
        ...advances([xAt, xStep], [yAt, yStep]),
      ]),
      ...halves.flatMap((offset, half) =>
        store(sums, offset, add(load(sums, offset), get(totals[half]))),
      ),
      ...[x, y, sums].flatMap((address) => advance(address, block)),
    ]),
  }
}

export function outerProducts(rowCount: number): LoopFunction {
  const integers = 4
  const vectors = 3 + 2 * rowCount
  const [x, xStep, y, yStep, length, sums, sumsStep, blocks, ...others] = locals(
    8 + integers + vectors,
  )
  const [xAt, yAt, sumsAt, left, low, high, factor, ...totals] = others
  const rows = Array.from({ length: rowCount }, (_, row) => ({
    offset: row * Float32Array.BYTES_PER_ELEMENT,
    low: totals[2 * row],
    high: totals[2 * row + 1],
  }))
  return {
    parameters: 8,
    integers,
    vectors,
    body: repeat(blocks, [
      ...copies([xAt, x], [yAt, y], [left, length]),
      ...totals.flatMap((total) => set(total, zeros)),
      ...repeat(left, [
        ...set(low, load(yAt, 0)),
        ...set(high, load(yAt, 16)),
        ...rows.flatMap((row) => [
          ...set(factor, loadRepeated(xAt, row.offset)),
          ...set(row.low, add(get(row.low), mul(get(low), get(factor)))),
          ...set(row.high, add(get(row.high), mul(get(high), get(factor)))),
        ]),
        ...advances([xAt, xStep], [yAt, yStep]),
      ]),
      ...set(sumsAt, get(sums)),
      ...rows.flatMap((row) => [
        ...store(sumsAt, 0, add(load(sumsAt, 0), get(row.low))),
        ...store(sumsAt, 16, add(load(sumsAt, 16), get(row.high))),
        ...advance(sumsAt, get(sumsStep)),
      ]),
      ...advance(y, block),
      ...advance(sums, block),
    ]),
  }
}

export function addScaled(): LoopFunction {
  const [x, xStep, weights, y, yStep, length, blocks, xAt, yAt, left, ...factors] = locals(12)
  return {
    parameters: 7,
    integers: 3,
    vectors: 2,
    body: repeat(blocks, [
      ...copies([xAt, x], [yAt, y], [left, length]),
      ...halves.flatMap((offset, half) => set(factors[half], load(weights, offset))),
      ...repeat(left, [
        ...halves.flatMap((offset, half) =>
          store(yAt, offset, add(load(yAt, offset), mul(load(xAt, offset), get(factors[half])))),
        ),
        ...advances([xAt, xStep], [yAt, yStep]),
      ]),
      ...[x, weights, y].flatMap((address) => advance(address, block)),
    ]),
  }
}

export function columnSums(): LoopFunction {
  const [x, step, length, sums, blocks, at, left, ...totals] = locals(9)
  return {
    parameters: 5,
    integers: 2,
    vectors: 2,
    body: repeat(blocks, [
      ...set(at, get(x)),
      ...set(left, get(length)),
      ...halves.flatMap((_, half) => set(totals[half], zeros)),
      ...repeat(left, [
        ...halves.flatMap((offset, half) =>
          set(totals[half], add(get(totals[half]), load(at, offset))),
        ),
        ...advance(at, get(step)),
      ]),
      ...halves.flatMap((offset, half) =>
        store(sums, offset, add(load(sums, offset), get(totals[half]))),
      ),
      ...[x, sums].flatMap((address) => advance(address, block)),
    ]),
  }
}

export function gate(): LoopFunction {
  const [x, gated, result, blocks] = locals(4)
  return {
    parameters: 4,
    integers: 0,
    vectors: 0,
    body: repeat(blocks, [
      ...halves.flatMap((offset) => {
        const value = load(gated, offset)
        const open = and(isAbove(value, zeros), isAtMost(value, constant.number(6)))
        return store(result, offset, and(load(x, offset), open))
      }),
      ...[x, gated, result].flatMap((address) => advance(address, block)),
    ]),
  }
}

export function hardSwish(): LoopFunction {
  const [x, factor, offset, result, blocks, scale, shift, value] = locals(8)
  return {
    parameters: 5,
    integers: 0,
    vectors: 3,
    body: [
      ...set(scale, loadRepeated(factor, 0)),
      ...set(shift, loadRepeated(offset, 0)),
      ...repeat(blocks, [
        ...halves.flatMap((half) => {
          const gate = min(max(add(get(value), get(shift)), zeros), constant.number(6))
          return [
            ...set(value, load(x, half)),
            ...store(result, half, mul(mul(get(scale), get(value)), gate)),
          ]
        }),
        ...[x, result].flatMap((address) => advance(address, block)),
      ]),
    ],
  }
}

export function rectifiedSums(): LoopFunction {
  const [lower, upper, rowShare, table, fine, result, columns, blocks, skip, ...others] = locals(18)
  const [lowerLeft, lowerRight, upperLeft, upperRight, left, ...vectors] = others
  const [down, across, low, high] = vectors
  const between = (from: number, to: Code, share: number): Code =>
    add(get(from), mul(sub(to, get(from)), get(share)))
  const corners = [
    [lowerLeft, lower, 0],
    [lowerRight, lower, 4],
    [upperLeft, upper, 0],
    [upperRight, upper, 4],
  ] as const
  return {
    parameters: 9,
    integers: 5,
    vectors: 4,
    body: [
      ...set(down, loadRepeated(rowShare, 0)),
      ...repeat(columns, [
        ...corners.flatMap(([corner, row, offset]) =>
          set(corner, addIntegers(get(row), loadInteger(table, offset))),
        ),
        ...set(across, loadRepeated(table, 8)),
        ...set(left, get(blocks)),
        ...repeat(left, [
          ...halves.flatMap((offset) => [
            ...set(low, load(lowerLeft, offset)),
            ...set(low, between(low, load(lowerRight, offset), across)),
            ...set(high, load(upperLeft, offset)),
            ...set(high, between(high, load(upperRight, offset), across)),
            ...store(
              result,
              offset,
              max(add(load(fine, offset), between(low, get(high), down)), zeros),
            ),
          ]),
          ...[lowerLeft, lowerRight, upperLeft, upperRight, fine, result].flatMap((address) =>
            advance(address, block),
          ),
        ]),
        ...advance(table, constant.integer(12)),
        ...advances([fine, skip], [result, skip]),
      ]),
    ],
  }
}

type LocalPair = readonly [number, number]

/** Sets the first local of each pair to the second. */
function copies(...pairs: readonly LocalPair[]): number[] {
  return pairs.flatMap(([to, from]) => set(to, get(from)))
}

/** Adds the second local of each pair to the first. */
function advances(...pairs: readonly LocalPair[]): number[] {
  return pairs.flatMap(([address, step]) => advance(address, get(step)))
}

/** A function's locals in order: its parameters, then the integers, then the vectors. */
function locals(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
