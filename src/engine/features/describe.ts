import { pooledFeature } from '../../core/detection/pooled-features'
import { imageCells } from '../../core/detection/targets'
import { createLetterbox } from '../../core/geometry/letterbox'
import type { FeatureMap } from './protocol'

/** The mean of an image's features over its cells, without those of the grey bars, [channels]. */
export function describeImage(features: FeatureMap): Float32Array {
  const { rows, stride, imageWidth, imageHeight, codes } = features
  const letterbox = createLetterbox(imageWidth, imageHeight, rows * stride)
  return pooledFeature(features, codes, imageCells(letterbox, features))
}
