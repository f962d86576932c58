import * as tf from '@tensorflow/tfjs-core'
import { decodeStockOutput, type StockProposals } from '../../core/detection/zero-shot'
import { createLetterbox } from '../../core/geometry/letterbox'
import type { Backbone } from './backbone'
import { decodeImage, Letterboxer } from './letterboxed-image'
import type { EmbedImage } from './protocol'

/** The stock head was trained at this size. */
const inputSize = 512
const stride = 4
/** What is less likely than this is noise even for an annotator who asks for everything. */
const minScore = 0.005
const maxIou = 0.6

/**
 * What the stock COCO detector sees in an image.
 * @param limit boxes kept of each kind, named and class-agnostic
 * @throws Error when the file cannot be decoded
 */
export async function proposeZeroShot(
  backbone: Backbone,
  image: EmbedImage,
  limit: number,
): Promise<StockProposals> {
  const { pixels, imageWidth, imageHeight } = new Letterboxer(inputSize).place(
    await decodeImage(image),
  )
  const outputs = tf.tidy(() => backbone.detect(tf.tensor3d(pixels, [inputSize, inputSize, 3])))
  try {
    const [rows, columns, classes] = outputs.heat.shape
    const [heat, distances] = await Promise.all([outputs.heat.data(), outputs.distances.data()])
    return decodeStockOutput(
      {
        grid: { rows, columns, stride },
        heat: Float32Array.from(heat),
        distances: Float32Array.from(distances),
        classes,
      },
      {
        imageWidth,
        imageHeight,
        letterbox: createLetterbox(imageWidth, imageHeight, inputSize),
        minScore,
        maxIou,
        limit,
      },
    )
  } finally {
    tf.dispose([outputs.heat, outputs.distances])
  }
}
