import * as tf from '@tensorflow/tfjs-core'

/** One spatial axis of a convolution. */
export interface SpatialAxis {
  readonly input: number
  readonly output: number
  readonly filter: number
  readonly stride: number
  readonly dilation: number
  /** Zeros ahead of the input's first position. */
  readonly padding: number
}

export interface ConvolutionGeometry {
  readonly batch: number
  readonly rows: SpatialAxis
  readonly columns: SpatialAxis
  readonly inChannels: number
  readonly outChannels: number
}

interface ConvolutionAttrs {
  readonly strides: [number, number] | number
  readonly pad: tf.Conv2DBackpropFilterAttrs['pad']
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

type Shape4D = [number, number, number, number]

/** Sizes of an NHWC convolution, as the forward kernels compute them. */
export function convolutionGeometry(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dimRoundingMode }: ConvolutionAttrs,
  dilations: [number, number] | number,
  depthwise: boolean,
): ConvolutionGeometry {
  const info = tf.backend_util.computeConv2DInfo(
    [...inputShape] as Shape4D,
    [...filterShape] as Shape4D,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
  )
  return {
    batch: info.batchSize,
    rows: {
      input: info.inHeight,
      output: info.outHeight,
      filter: info.filterHeight,
      stride: info.strideHeight,
      dilation: info.dilationHeight,
      padding: info.padInfo.top,
    },
    columns: {
      input: info.inWidth,
      output: info.outWidth,
      filter: info.filterWidth,
      stride: info.strideWidth,
      dilation: info.dilationWidth,
      padding: info.padInfo.left,
    },
    inChannels: info.inChannels,
    outChannels: info.outChannels,
  }
}

/** @throws Error for the other layout, which the forward kernels of the WASM backend refuse as well */
export function checkChannelsLast(kernelName: string, dataFormat: 'NHWC' | 'NCHW'): void {
  if (dataFormat !== 'NHWC') {
    throw new Error(`${kernelName} on WASM cannot compute the layout ${dataFormat}; use NHWC.`)
  }
}

type RunVisitor = (
  tap: number,
  inputPosition: number,
  outputPosition: number,
  length: number,
) => void

/** Outputs of the longest run: with their channels they stay in the processor's cache. */
const longestRun = 64

/**
 * Visits what each tap of the filter does, in runs of outputs that follow each other: which input position the run's first
 * output sees through the tap (the others see every `columns.stride`-th after it). Outputs that look beyond the input are
 * left out. Positions count over images, rows and columns.
 */
export function forEachRun(geometry: ConvolutionGeometry, visit: RunVisitor): void {
  const { batch, rows, columns } = geometry
  if (isPointwise(geometry)) {
    const outputs = batch * rows.output * columns.output
    visitInPieces(visit, 0, 0, 0, outputs, 1)
    return
  }
  // Rows of outputs outside the taps: what the taps share of the input stays in the processor's cache.
  for (let line = 0; line < batch * rows.output; line++) {
    const row = line % rows.output
    const image = (line - row) / rows.output
    for (let tap = 0; tap < rows.filter * columns.filter; tap++) {
      const tapColumn = tap % columns.filter
      const inputRow = seenPosition(rows, (tap - tapColumn) / columns.filter, row)
      if (inputRow < 0 || inputRow >= rows.input) continue
      const first = seenPosition(columns, tapColumn, 0)
      const begin = Math.max(0, Math.ceil(-first / columns.stride))
      const end = Math.min(columns.output, Math.ceil((columns.input - first) / columns.stride))
      if (begin >= end) continue
      const inputColumn = first + begin * columns.stride
      const inputPosition = (image * rows.input + inputRow) * columns.input + inputColumn
      const outputPosition = line * columns.output + begin
      visitInPieces(visit, tap, inputPosition, outputPosition, end - begin, columns.stride)
    }
  }
}

function visitInPieces(
  visit: RunVisitor,
  tap: number,
  inputPosition: number,
  outputPosition: number,
  length: number,
  stride: number,
): void {
  for (let done = 0; done < length; done += longestRun) {
    const piece = Math.min(longestRun, length - done)
    visit(tap, inputPosition + done * stride, outputPosition + done, piece)
  }
}

function seenPosition(
  { stride, dilation, padding }: SpatialAxis,
  tap: number,
  output: number,
): number {
  return output * stride + tap * dilation - padding
}

/** True for a convolution of single positions: its patches are its input. */
export function isPointwise({ rows, columns }: ConvolutionGeometry): boolean {
  return [rows, columns].every(
    ({ filter, stride, padding, input, output }) =>
      filter === 1 && stride === 1 && padding === 0 && input === output,
  )
}
