import * as tf from '@tensorflow/tfjs-core'
import type { Range, Span } from './composition'

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

/** The input positions that any output sees. */
export function seenInput(axis: number, spatial: SpatialAxis): Span {
  const { output, stride, padding } = spatial
  return { axis, before: padding, length: (output - 1) * stride + reach(spatial) + 1 }
}

/** What one tap of the filter sees of `seenInput`, one position an output. */
export function tapRange(axis: number, spatial: SpatialAxis, tap: number): Range {
  const { output, stride, dilation } = spatial
  return { axis, begin: tap * dilation, length: output, stride }
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
