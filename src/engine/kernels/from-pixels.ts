import * as tf from '@tensorflow/tfjs-core'
import { composedKernel } from './composition'

type Drawable = Exclude<tf.FromPixelsInputs['pixels'], tf.PixelData | ImageData>

/** The first channels (of red, green, blue, alpha) of an image as int32 [height, width, channels], values 0 to 255. */
export const fromPixels = composedKernel<tf.FromPixelsInputs, tf.FromPixelsAttrs>(
  tf.FromPixels,
  (steps, { pixels }, { numChannels }) => {
    const { data, width, height } = 'data' in pixels ? pixels : readDrawable(pixels)
    const values = new Int32Array(width * height * numChannels)
    for (let pixel = 0; pixel < width * height; pixel++) {
      for (let channel = 0; channel < numChannels; channel++) {
        values[pixel * numChannels + channel] = data[pixel * 4 + channel] ?? 0
      }
    }
    return steps.upload(values, [height, width, numChannels], 'int32')
  },
)

function readDrawable(image: Drawable): ImageData {
  const [width, height] =
    'videoWidth' in image ? [image.videoWidth, image.videoHeight] : [image.width, image.height]
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (context === null) {
    throw new Error(
      'FromPixels: the browser gives no 2D canvas; free memory by closing other tabs.',
    )
  }
  context.drawImage(image, 0, 0, width, height)
  return context.getImageData(0, 0, width, height)
}
