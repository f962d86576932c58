import type { FeatureLevel } from '../../core/detection/cell-features'
import { drawViews } from '../../core/detection/view'
import { seededRandom } from '../../core/random/seeded'
import type { HandlerContext } from '../../rpc/types'
import type { Backbone } from '../backbone/backbone'
import { decodeAhead, Letterboxer } from '../backbone/letterboxed-image'
import type { FeatureStore } from './feature-store'
import { Pacer } from '../device/pacing'
import { ProjectionFitter } from './projection-fitter'
import { codeScale, Projector } from './projector'
import type { EmbedImage } from '../backbone/protocol'
import type { FeatureMap, FeatureMethods, FeatureView, Projection } from './protocol'

/** More images hardly move the principal axes but cost a network run each. */
const projectionImages = 64

/** @throws Error when an input size does not suit the backbone or no image can be decoded. */
export async function fitProjection(
  backbone: Backbone,
  { images, inputSize, seed }: FeatureMethods['fitProjection']['params'],
  { signal, emit }: HandlerContext<FeatureMethods['fitProjection']['event']>,
): Promise<Projection> {
  checkInputSize(backbone, inputSize)
  const random = seededRandom(seed).fork('projection')
  const chosen = random.shuffle(images).slice(0, projectionImages)
  const fitter = new ProjectionFitter(backbone, inputSize, random)
  const letterboxer = new Letterboxer(inputSize)
  const pacer = new Pacer(signal)
  let done = 0
  for await (const [, decoded] of decodeAhead(chosen)) {
    await pacer.breathe()
    if ('bitmap' in decoded) await fitter.add(letterboxer.place(decoded.bitmap))
    done += 1
    emit({
      kind: 'progress',
      done,
      total: chosen.length,
      secondsLeft: pacer.secondsLeft(done, chosen.length),
    })
  }
  return fitter.fit()
}

/** Embeds images into the store; a broken image is reported and does not stop the others. */
export async function embedImages(
  backbone: Backbone,
  store: FeatureStore,
  { images, projection, views = 0 }: FeatureMethods['embed']['params'],
  { signal, emit }: HandlerContext<FeatureMethods['embed']['event']>,
): Promise<FeatureMethods['embed']['result']> {
  checkInputSize(backbone, projection.inputSize)
  const projector = new Projector(backbone, projection)
  const letterboxer = new Letterboxer(projection.inputSize)
  const pacer = new Pacer(signal)
  const total = images.length
  let embedded = 0
  let failed = 0
  try {
    for await (const [image, decoded] of decodeAhead(images)) {
      await pacer.breathe()
      if ('error' in decoded) {
        failed += 1
        const message =
          decoded.error instanceof Error ? decoded.error.message : String(decoded.error)
        emit({ kind: 'failed', imageId: image.imageId, message, done: embedded + failed, total })
        continue
      }
      const features = await embedOne(
        backbone,
        projector,
        letterboxer,
        image,
        decoded.bitmap,
        views,
      )
      store.set(features)
      embedded += 1
      const done = embedded + failed
      emit({ kind: 'embedded', features, done, total, secondsLeft: pacer.secondsLeft(done, total) })
    }
  } finally {
    projector.dispose()
  }
  return { embedded, failed }
}

async function embedOne(
  backbone: Backbone,
  projector: Projector,
  letterboxer: Letterboxer,
  { imageId, sha256 = imageId }: EmbedImage,
  bitmap: ImageBitmap,
  viewCount: number,
): Promise<FeatureMap> {
  const { width: imageWidth, height: imageHeight } = bitmap
  const side = letterboxer.size / backbone.stride
  try {
    const codes = await projector.encode(letterboxer.draw(bitmap))
    const views: FeatureView[] = []
    for (const view of drawViews(sha256, imageWidth, imageHeight, letterboxer.size, viewCount)) {
      const { mirrored, letterbox } = view
      const image = letterboxer.draw(bitmap, view)
      views.push({ mirrored, letterbox, codes: await projector.encode(image) })
    }
    return {
      imageId,
      projectionId: projector.projection.id,
      rows: side,
      columns: side,
      channels: projector.projection.outputChannels,
      stride: backbone.stride,
      levels: featureLevels(backbone),
      codes,
      scale: codeScale,
      imageWidth,
      imageHeight,
      ...(viewCount > 0 && { views }),
    }
  } finally {
    bitmap.close()
  }
}

/** How the features of a backbone are laid out. */
function featureLevels({ levels }: Backbone): FeatureLevel[] {
  return levels.map(({ coarseness, components }) => ({ coarseness, channels: components }))
}

function checkInputSize({ inputMultiple }: Backbone, inputSize: number): void {
  if (
    !Number.isInteger(inputSize) ||
    inputSize < inputMultiple ||
    inputSize % inputMultiple !== 0
  ) {
    throw new RangeError(
      `The input size is ${inputSize} pixels; choose a multiple of ${inputMultiple}, for example 320.`,
    )
  }
}
