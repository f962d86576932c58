import { seededRandom } from '../core/random/seeded'
import { toShelf } from './camera'
import type { Capture, ShelfScene } from './scene-types'

/**
 * Red and blue of a pixel read as one number; masked together they can be weighted by one product.
 */
const outerBytes = 0xff00ff

/** Where a painted canvas lies on the shelf plane. */
export interface CanvasFrame {
  /** Shelf position of the canvas's top-left corner, in centimetres. */
  readonly left: number
  readonly top: number
  readonly pixelsPerCm: number
}

/** Normally distributed noise in 8-bit steps, long enough that its repetition cannot be seen. */
function noiseTable(seed: number, deviation: number): Float64Array {
  const random = seededRandom(seed)
  return Float64Array.from({ length: 4093 }, () => random.normal() * deviation)
}

/**
 * Offsets (in canvas pixels) over which blur averages: a streak for motion, a ring for defocus, or
 * both.
 */
export function blurOffsets(capture: Capture): { x: number; y: number }[] {
  const streak = capture.motion === 0 ? [0] : [-0.5, -0.25, 0, 0.25, 0.5]
  const ring =
    capture.defocus === 0
      ? [{ x: 0, y: 0 }]
      : [
          { x: 0, y: 0 },
          ...Array.from({ length: 6 }, (_, i) => ({
            x: capture.defocus * Math.cos((i * Math.PI) / 3),
            y: capture.defocus * Math.sin((i * Math.PI) / 3),
          })),
        ]
  return streak.flatMap((along) =>
    ring.map((offset) => ({
      x: offset.x + along * capture.motion * Math.cos(capture.motionAngle),
      y: offset.y + along * capture.motion * Math.sin(capture.motionAngle),
    })),
  )
}

/**
 * What the camera records of the painted shelf: perspective (bilinear samples), colour of the
 * light, vignette, falloff and sensor noise, in one pass over the image's pixels.
 */
export function expose(scene: ShelfScene, painted: ImageData, frame: CanvasFrame): ImageData {
  const { width, height, camera, lighting, capture } = scene
  const image = new ImageData(width, height)
  // A pixel as one number: every platform with a browser stores red in the lowest byte.
  const source = new Uint32Array(painted.data.buffer)
  const target = image.data
  const stride = painted.width
  const noise = noiseTable(capture.noiseSeed, capture.noise)
  let noiseAt = capture.noiseSeed % noise.length
  const [red, green, blue] = lighting.gain
  const vignette = (4 * lighting.vignette) / (width * width + height * height)
  const originX = frame.left * frame.pixelsPerCm + 0.5
  const originY = frame.top * frame.pixelsPerCm + 0.5
  for (let row = 0, at = 0; row < height; row += 1) {
    // Shelf positions along an image row: numerator and denominator of the projective map are
    // linear, so two ends suffice.
    const y = row + 0.5
    const from = toShelf(camera, { x: 0.5, y })
    const to = toShelf(camera, { x: width - 0.5, y })
    const b = y - camera.principal.y
    const weightFrom = 1 - camera.slantX * (0.5 - camera.principal.x) - camera.slantY * b
    const weightTo = 1 - camera.slantX * (width - 0.5 - camera.principal.x) - camera.slantY * b
    const dy = row - height / 2
    const brightness = 1 - lighting.falloff * (row / height)
    for (let column = 0; column < width; column += 1, at += 4) {
      const along = column / (width - 1)
      const wa = weightFrom * (1 - along)
      const wb = weightTo * along
      const scale = frame.pixelsPerCm / (wa + wb)
      const sx = (from.x * wa + to.x * wb) * scale - originX
      const sy = (from.y * wa + to.y * wb) * scale - originY
      const x0 = Math.floor(sx)
      const y0 = Math.floor(sy)
      // Weights of the four neighbours in 1/256; they add up to 256, so no channel overflows.
      const fx = ((sx - x0) * 256) | 0
      const fy = ((sy - y0) * 256) | 0
      const w11 = (fx * fy) >> 8
      const w01 = fx - w11
      const w10 = fy - w11
      const w00 = 256 - fx - w10
      const p = y0 * stride + x0
      const c00 = source[p]
      const c01 = source[p + 1]
      const c10 = source[p + stride]
      const c11 = source[p + stride + 1]
      const outer =
        (Math.imul(c00 & outerBytes, w00) +
          Math.imul(c01 & outerBytes, w01) +
          Math.imul(c10 & outerBytes, w10) +
          Math.imul(c11 & outerBytes, w11)) >>>
        8
      const middle =
        (((c00 >>> 8) & 255) * w00 +
          ((c01 >>> 8) & 255) * w01 +
          ((c10 >>> 8) & 255) * w10 +
          ((c11 >>> 8) & 255) * w11) >>>
        8
      const dx = column - width / 2
      const gain = brightness * (1 - vignette * (dx * dx + dy * dy))
      noiseAt += 1
      if (noiseAt >= noise.length) noiseAt = (row * 31) % 97
      const grain = noise[noiseAt]
      target[at] = (outer & 255) * (gain * red) + grain
      target[at + 1] = middle * (gain * green) + grain
      target[at + 2] = ((outer >>> 16) & 255) * (gain * blue) + grain
      target[at + 3] = 255
    }
  }
  return image
}
