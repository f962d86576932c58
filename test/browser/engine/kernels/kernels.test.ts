import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../src/core/random/seeded'
import type { RandomSource } from '../../../../src/core/random/types'
import { chooseBackend } from '../../../../src/engine/device/backends'
import { computeOn, expectClose, randomNumbers } from './compare'

/** A filter of the dilated one's reach: its taps apart, zeros between; and back, the taps alone. */
const spreadTaps = (filter: tf.Tensor4D, dilation: number): tf.Tensor4D => {
  const [height, width, inner, outer] = filter.shape
  const apart = tf.pad(tf.reshape(filter, [height, 1, width, 1, inner * outer]), [
    [0, 0],
    [0, dilation - 1],
    [0, 0],
    [0, dilation - 1],
    [0, 0],
  ])
  const spread = tf.reshape(apart, [height * dilation, width * dilation, inner, outer])
  const size: [number, number, number, number] = [
    (height - 1) * dilation + 1,
    (width - 1) * dilation + 1,
    inner,
    outer,
  ]
  return tf.slice<tf.Rank.R4, tf.Tensor4D>(spread as tf.Tensor4D, [0, 0, 0, 0], size)
}
const onlyTaps = (filter: tf.Tensor4D, dilation: number): tf.Tensor4D =>
  tf.stridedSlice(filter, [0, 0, 0, 0], filter.shape, [dilation, dilation, 1, 1]) as tf.Tensor4D

type Pad = tf.Conv2DBackpropFilterAttrs['pad']

interface Case {
  readonly input: [number, number, number, number]
  readonly filter: [number, number, number, number]
  readonly strides: [number, number]
  readonly pad: Pad
  readonly dilation: number
  readonly seed: number
}

function between(random: RandomSource, least: number, most: number): number {
  return least + random.integer(most - least + 1)
}

function randomPad(random: RandomSource): Pad {
  const zeros = (): [number, number] => [random.integer(4), random.integer(4)]
  const pads: Pad[] = ['same', 'valid', 0, 1, 2, [[0, 0], zeros(), zeros(), [0, 0]]]
  return pads[random.integer(pads.length)] ?? 'same'
}

/**
 * `outer` is the output channels of a convolution, the multiplier of a depthwise one, which is mostly 1. There are enough
 * channels for the loops that take eight at once, and for what these leave over.
 */
function randomCase(random: RandomSource, seed: number, depthwise: boolean): Case {
  const hasMultiplier = depthwise && random.integer(3) === 0
  const channels = between(random, 1, depthwise && !hasMultiplier ? 20 : 9)
  const outer = between(random, 1, 20)
  const dilated = depthwise && seed % 3 === 0
  const dilation = dilated ? between(random, 2, 3) : 1
  const stride = (): number => between(random, 1, 3)
  return {
    input: [between(random, 1, 3), between(random, 1, 9), between(random, 1, 9), channels],
    filter: [
      between(random, 1, 5),
      between(random, 1, 5),
      channels,
      depthwise ? (hasMultiplier ? 1 + (outer % 5) : 1) : outer,
    ],
    // tfjs allows dilation with stride 1 only.
    strides: dilated ? [1, 1] : [stride(), stride()],
    pad: randomPad(random),
    dilation,
    seed,
  }
}

const caseCount = 150

/** Random convolutions whose filters fit into their inputs; a third of the depthwise ones is dilated. */
function randomCases(depthwise: boolean): Case[] {
  const random = seededRandom(depthwise ? 7 : 8)
  const found: Case[] = []
  while (found.length < caseCount) {
    const tried = randomCase(random, found.length, depthwise)
    if (outputShape(tried, depthwise) !== undefined) found.push(tried)
  }
  return found
}

/** The forward convolution's output shape; undefined when the filter does not fit into the input. */
function outputShape(
  { input, filter, strides, pad, dilation }: Case,
  depthwise: boolean,
): number[] | undefined {
  const info = tf.backend_util.computeConv2DInfo(
    input,
    filter,
    strides,
    dilation,
    pad,
    typeof pad === 'number' ? 'floor' : undefined,
    depthwise,
  )
  return info.outHeight > 0 && info.outWidth > 0 ? info.outShape : undefined
}

/** Runs a kernel as the gradients do; the functions of tfjs that call it are not exported. */
function runKernel(name: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap)
}

function attributes({ input, filter, strides, pad, dilation }: Case) {
  return {
    strides,
    pad,
    dilations: [dilation, dilation],
    dataFormat: 'NHWC',
    dimRoundingMode: typeof pad === 'number' ? 'floor' : undefined,
    filterShape: filter,
    inputShape: input,
  }
}

/** The CPU's own gradients ignore dilation; a dilated filter is a larger one with zeros, whose gradient they know. */
function undilated(tried: Case): Case {
  const [height, width, inner, outer] = tried.filter
  const reach = (taps: number): number => (taps - 1) * tried.dilation + 1
  return { ...tried, filter: [reach(height), reach(width), inner, outer], dilation: 1 }
}

beforeAll(async () => {
  await chooseBackend('wasm', () => undefined)
})

afterAll(() => {
  void tf.setBackend('cpu')
})

describe.each([
  { name: 'Conv2D', depthwise: false },
  { name: 'DepthwiseConv2dNative', depthwise: true },
])('$name on WASM', ({ depthwise }) => {
  const tried = randomCases(depthwise)

  it("has its filter's gradient right", () => {
    const kernel = depthwise ? tf.DepthwiseConv2dNativeBackpropFilter : tf.Conv2DBackpropFilter
    for (const any of tried) {
      const inputs = [
        randomNumbers(any.input, any.seed),
        randomNumbers(outputShape(any, depthwise) ?? [], any.seed + caseCount),
      ]
      const actual = computeOn('wasm', inputs, (x, dy) =>
        runKernel(kernel, { x, dy }, attributes(any)),
      )
      const expected = computeOn('cpu', inputs, (x, dy) => {
        const gradient = runKernel(kernel, { x, dy }, attributes(undilated(any)))
        return onlyTaps(gradient as tf.Tensor4D, any.dilation)
      })
      expectClose(actual, expected, JSON.stringify(any))
    }
  })

  it("has its input's gradient right", () => {
    const kernel = depthwise ? tf.DepthwiseConv2dNativeBackpropInput : tf.Conv2DBackpropInput
    for (const any of tried) {
      const inputs = [
        randomNumbers(outputShape(any, depthwise) ?? [], any.seed),
        randomNumbers(any.filter, any.seed + caseCount),
      ]
      const actual = computeOn('wasm', inputs, (dy, filter) =>
        runKernel(kernel, { dy, filter }, attributes(any)),
      )
      const expected = computeOn('cpu', inputs, (dy, filter) => {
        const spread = spreadTaps(filter as tf.Tensor4D, any.dilation)
        return runKernel(kernel, { dy, filter: spread }, attributes(undilated(any)))
      })
      expectClose(actual, expected, JSON.stringify(any))
    }
  })
})

it('refuses convolutions with the channels first, as the forward kernel does', () => {
  void tf.setBackend('wasm')
  const x = tf.ones([1, 1, 3, 3])
  const attrs = { strides: 1, pad: 'valid', dataFormat: 'NCHW', filterShape: [1, 1, 1, 1] }
  expect(() => runKernel(tf.Conv2DBackpropFilter, { x, dy: x }, attrs)).toThrow(
    'Conv2DBackpropFilter on WASM cannot compute the layout NCHW; use NHWC.',
  )
  x.dispose()
})

describe('Einsum on WASM', () => {
  const sizes: Record<string, number> = { b: 2, c: 3, i: 4, j: 5, k: 6 }
  const shapeOf = (labels: string): number[] => Array.from(labels, (label) => sizes[label] ?? 1)

  it.each([
    ['ij->ji'],
    ['ij->'],
    ['bij->jb'],
    ['ij,jk->ik'],
    ['ij,kj->ki'],
    ['i,i->'],
    ['i,j->ij'],
    ['bij,bjk->bik'],
    ['bi,bi->b'],
    ['bi,bi->ib'],
    ['bcij,kcb->kbi'],
    ['cbi,jic->jbc'],
  ])('%s is as on the CPU', (equation) => {
    const operands = equation.split('->')[0]?.split(',') ?? []
    const inputs = operands.map((labels, index) => randomNumbers(shapeOf(labels), index))
    const contract = (...tensors: tf.Tensor[]): tf.Tensor => tf.einsum(equation, ...tensors)
    expectClose(computeOn('wasm', inputs, contract), computeOn('cpu', inputs, contract), equation)
  })

  // The CPU's kernel gives a vector here.
  it('sums labels away that only one operand has', () => {
    const [a, b] = [
      { shape: [2], values: Float32Array.of(1, 2) },
      { shape: [2], values: Float32Array.of(3, 4) },
    ]
    const result = computeOn('wasm', [a, b], (x, y) => tf.einsum('i,j->', x, y))
    expect(result).toEqual({ shape: [], values: Float32Array.of(21) })
  })

  it('refuses operands that disagree about a size', () => {
    void tf.setBackend('wasm')
    const [a, b] = [tf.ones([2, 3]), tf.ones([4, 2])]
    expect(() => tf.einsum('ij,jk->ik', a, b)).toThrow(
      "Einsum 'ij,jk->ik': one label stands for sizes 3 and 4.",
    )
    tf.dispose([a, b])
  })
})

describe('FromPixels on WASM', () => {
  const colours = Uint8ClampedArray.from({ length: 5 * 4 * 4 }, (_, index) =>
    index % 4 === 3 ? 255 : (index * 37) % 256,
  )
  const image = new ImageData(colours, 5, 4)

  function drawn(): OffscreenCanvas {
    const canvas = new OffscreenCanvas(5, 4)
    canvas.getContext('2d')?.putImageData(image, 0, 0)
    return canvas
  }

  it.each([1, 3, 4])('reads %i channels of every kind of image', async (channels) => {
    const expected = Array.from(colours).filter((_, index) => index % 4 < channels)
    const bitmap = await createImageBitmap(image)
    // The declared type has no OffscreenCanvas, the function takes one.
    const canvas = drawn() as unknown as HTMLCanvasElement
    const plain = { data: new Uint8Array(colours), width: 5, height: 4 }
    for (const pixels of [image, bitmap, canvas, plain]) {
      void tf.setBackend('wasm')
      const before = tf.backend().numDataIds()
      const tensor = tf.browser.fromPixels(pixels, channels)
      expect(tensor.shape).toEqual([4, 5, channels])
      expect(tensor.dtype).toBe('int32')
      expect(Array.from(tensor.dataSync())).toEqual(expected)
      tensor.dispose()
      expect(tf.backend().numDataIds()).toBe(before)
    }
  })
})
