import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { wasmModule } from './assembler'
import {
  addScaled,
  columnSums,
  gate,
  hardSwish,
  outerProducts,
  products,
  rectifiedSums,
} from './simd-code'

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
  /** result = (factor * x) * min(max(x + offset, 0), 6) */
  hardSwish(x: number, factor: number, offset: number, result: number, blocks: number): void
  /**
   * At each of `columns` columns: result = max(0, fine + the number between four of a coarse map).
   * @param lower address of the coarse row before, `upper` that of the one after, `share` that of the latter's share
   * @param table of each column: two offsets in a coarse row, as integers, and the share of the second
   * @param skip what follows the blocks of a column in `fine` and `result`
   */
  rectifiedSums(
    lower: number,
    upper: number,
    share: number,
    table: number,
    fine: number,
    result: number,
    columns: number,
    blocks: number,
    skip: number,
  ): void
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
    products: products(),
    outerProducts4: outerProducts(4),
    outerProducts1: outerProducts(1),
    addScaled: addScaled(),
    columnSums: columnSums(),
    gate: gate(),
    hardSwish: hardSwish(),
    rectifiedSums: rectifiedSums(),
  })
  if (!WebAssembly.validate(bytes)) return undefined
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { tfjs: { memory } })
  return exports as unknown as SimdLoops
}
