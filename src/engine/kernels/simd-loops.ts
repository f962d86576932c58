import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import {
  add,
  advance,
  and,
  constant,
  get,
  isAbove,
  isAtMost,
  load,
  loadRepeated,
  type LoopFunction,
  mul,
  repeat,
  set,
  store,
  wasmModule,
} from './assembler'

/** Float32 numbers of a block. */
export const lanes = 8

/**
 * Loops over the heap of the WASM backend, four numbers an instruction. Addresses and steps are in bytes; `blocks` blocks
 * lie side by side; every count is at least 1.
 */
export interface SimdLoops {
  /** sums += the sum, over `length` positions, of x times y. */
  products(
    x: number,
    xStep: number,
    y: number,
    yStep: number,
    length: number,
    sums: number,
    blocks: number,
  ): void
  /** sums += the sum, over `length` positions, of four numbers of x, each for a row of sums, times y. */
  outerProducts4: OuterProducts
  /** The same for one number of x. */
  outerProducts1: OuterProducts
  /** At each of `length` positions: y += x times weights. */
  addScaled(
    x: number,
    xStep: number,
    weights: number,
    y: number,
    yStep: number,
    length: number,
    blocks: number,
  ): void
  /** sums += the sum of x over `length` positions. */
  columnSums(x: number, step: number, length: number, sums: number, blocks: number): void
  /** result = x where 0 < gate <= 6, else 0. */
  gate(x: number, gate: number, result: number, blocks: number): void
}

type OuterProducts = (
  x: number,
  xStep: number,
  y: number,
  yStep: number,
  length: number,
  sums: number,
  sumsStep: number,
  blocks: number,
) => void

const known = new WeakMap<BackendWasm, { readonly loops: SimdLoops | undefined }>()

/** Undefined where the browser has no SIMD, or the backend's memory cannot be reached. */
export function simdLoops(backend: BackendWasm): SimdLoops | undefined {
  const found = known.get(backend) ?? { loops: instantiate(backend) }
  known.set(backend, found)
  return found.loops
}

function instantiate(backend: BackendWasm): SimdLoops | undefined {
  // The threaded build hands its memory out, the others export it; tfjs's types leave both out.
  const { wasmMemory, asm } = backend.wasm as unknown as {
    readonly wasmMemory?: WebAssembly.Memory
    readonly asm?: { readonly memory?: WebAssembly.Memory }
  }
  const memory = wasmMemory ?? asm?.memory
  if (memory === undefined) return undefined
  const isShared = !(memory.buffer instanceof ArrayBuffer)
  const bytes = wasmModule(isShared, {
    products,
    outerProducts4: outerProducts(4),
    outerProducts1: outerProducts(1),
    addScaled,
    columnSums,
    gate,
  })
  if (!WebAssembly.validate(bytes)) return undefined
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { tfjs: { memory } })
  return exports as unknown as SimdLoops
}

/** The two vectors of a block, as offsets in bytes. */
const halves = [0, 16] as const
const block = constant.integer(32)
const zeros = constant.number(0)

/** Locals in order: the parameters, then the integers, then the vectors. */
const products: LoopFunction = ((
  [x, xStep, y, yStep, length, sums, blocks, xAt, yAt, left, ...totals] = locals(12),
) => ({
  parameters: 7,
  integers: 3,
  vectors: 2,
  body: repeat(blocks, [
    ...set(xAt, get(x)),
    ...set(yAt, get(y)),
    ...set(left, get(length)),
    ...halves.flatMap((_, half) => set(totals[half], zeros)),
    ...repeat(left, [
      ...halves.flatMap((offset, half) =>
        set(totals[half], add(get(totals[half]), mul(load(xAt, offset), load(yAt, offset)))),
      ),
      ...advance(xAt, get(xStep)),
      ...advance(yAt, get(yStep)),
    ]),
    ...halves.flatMap((offset, half) =>
      store(sums, offset, add(load(sums, offset), get(totals[half]))),
    ),
    ...[x, y, sums].flatMap((address) => advance(address, block)),
  ]),
}))()

function outerProducts(rowCount: number): LoopFunction {
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
      ...set(xAt, get(x)),
      ...set(yAt, get(y)),
      ...set(left, get(length)),
      ...totals.flatMap((total) => set(total, zeros)),
      ...repeat(left, [
        ...set(low, load(yAt, 0)),
        ...set(high, load(yAt, 16)),
        ...rows.flatMap((row) => [
          ...set(factor, loadRepeated(xAt, row.offset)),
          ...set(row.low, add(get(row.low), mul(get(low), get(factor)))),
          ...set(row.high, add(get(row.high), mul(get(high), get(factor)))),
        ]),
        ...advance(xAt, get(xStep)),
        ...advance(yAt, get(yStep)),
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

const addScaled: LoopFunction = ((
  [x, xStep, weights, y, yStep, length, blocks, xAt, yAt, left, ...factors] = locals(12),
) => ({
  parameters: 7,
  integers: 3,
  vectors: 2,
  body: repeat(blocks, [
    ...set(xAt, get(x)),
    ...set(yAt, get(y)),
    ...set(left, get(length)),
    ...halves.flatMap((offset, half) => set(factors[half], load(weights, offset))),
    ...repeat(left, [
      ...halves.flatMap((offset, half) =>
        store(yAt, offset, add(load(yAt, offset), mul(load(xAt, offset), get(factors[half])))),
      ),
      ...advance(xAt, get(xStep)),
      ...advance(yAt, get(yStep)),
    ]),
    ...[x, weights, y].flatMap((address) => advance(address, block)),
  ]),
}))()

const columnSums: LoopFunction = ((
  [x, step, length, sums, blocks, at, left, ...totals] = locals(9),
) => ({
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
}))()

const gate: LoopFunction = (([x, gated, result, blocks] = locals(4)) => ({
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
}))()

function locals(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
