import * as tf from '@tensorflow/tfjs-core'
import type { Span } from './composition'

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

/**
 * Visits what each tap of the filter does, in runs of outputs side by side: which input position the run's first output
 * sees through the tap (the others see every `columns.stride`-th after it). Outputs that look beyond the input are left
 * out. Positions count over images, rows and columns.
 */
export function forEachRun(
  { batch, rows, columns }: ConvolutionGeometry,
  visit: (tap: number, inputPosition: number, outputPosition: number, length: number) => void,
): void {
  for (let image = 0; image < batch; image++) {
    for (let tapRow = 0; tapRow < rows.filter; tapRow++) {
      const [rowBegin, rowEnd] = outputsWithin(rows, tapRow)
      for (let row = rowBegin; row < rowEnd; row++) {
        const inputLine = (image * rows.input + seenPosition(rows, tapRow, row)) * columns.input
        const outputLine = (image * rows.output + row) * columns.output
        for (let tapColumn = 0; tapColumn < columns.filter; tapColumn++) {
          const [begin, end] = outputsWithin(columns, tapColumn)
          if (begin >= end) continue
          const seen = seenPosition(columns, tapColumn, begin)
          visit(
            tapRow * columns.filter + tapColumn,
            inputLine + seen,
            outputLine + begin,
            end - begin,
          )
        }
      }
    }
  }
}

function seenPosition({ stride, dilation, padding }: SpatialAxis, tap: number, output: number) {
  return output * stride + tap * dilation - padding
}

/** The outputs, from the first to before the second, that see a position of the input through this tap. */
function outputsWithin(axis: SpatialAxis, tap: number): [number, number] {
  const first = seenPosition(axis, tap, 0)
  return [
    Math.max(0, Math.ceil(-first / axis.stride)),
    Math.min(axis.output, Math.ceil((axis.input - first) / axis.stride)),
  ]
}

/** True for a convolution of single positions: its patches are its input. */
export function isPointwise({ rows, columns }: ConvolutionGeometry): boolean {
  return [rows, columns].every(
    ({ filter, stride, padding, input, output }) =>
      filter === 1 && stride === 1 && padding === 0 && input === output,
  )
}

/** The positions of the spread output's errors that any input position has influenced. */
export function influencedOutput(axis: number, spatial: SpatialAxis): Span {
  const before = reach(spatial) - spatial.padding
  return { axis, before, length: spatial.input + reach(spatial) }
}

/** Distance of the filter's last tap from its first. */
function reach({ filter, dilation }: SpatialAxis): number {
  return (filter - 1) * dilation
}
