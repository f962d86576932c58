import type { RandomSource } from '../core/random/types'
import type { Camera } from './camera'
import { between, chance, pick } from './sampling'
import type { Capture, Fixture, Glare, Lighting } from './scene-types'
import type { Stretch } from './shelf-layout'

/** Where the photographer stands: distance, roll and slant vary, the shelf origin is in the middle. */
export function planCamera(random: RandomSource, width: number, height: number): Camera {
  return {
    centre: { x: 0, y: 0 },
    pixelsPerCm: between(random, 5.9, 8.4),
    roll: chance(random, 0.7) ? random.normal() * 0.016 : random.normal() * 0.05,
    slantX: chance(random, 0.6) ? random.normal() * 0.00012 : random.normal() * 0.00042,
    slantY: random.normal() * 0.00016,
    principal: { x: width / 2, y: height / 2 },
  }
}

/** Colours of wall, boards and rails. */
export function planFixture(random: RandomSource): Fixture {
  return {
    wall: pick(random, ['#8d9196', '#a7a59f', '#6f747b', '#b9bcbd', '#585d63']),
    board: pick(random, ['#d9dadb', '#e9e8e4', '#b9bdc2', '#cfcac0']),
    rail: pick(random, ['#f1f1ef', '#dfe2e4', '#b8323a', '#2d5c9e', '#efe9da', '#3d4146']),
    perforated: chance(random, 0.6),
  }
}

/** Colour and strength of the light, and reflections of the lamps inside the view. */
export function planLighting(random: RandomSource, view: Stretch): Lighting {
  const [red, green, blue] = pick(random, [
    [1.02, 1, 0.98],
    [1.02, 1, 0.98],
    [1.1, 0.99, 0.82],
    [0.9, 0.99, 1.1],
    [0.97, 1.05, 0.92],
  ])
  const level = chance(random, 0.2) ? between(random, 0.6, 0.78) : between(random, 0.98, 1.22)
  const glare: Glare[] = Array.from(
    { length: chance(random, 0.35) ? 1 + random.integer(3) : 0 },
    () => ({
      x: between(random, view.left, view.right),
      y: between(random, view.top, view.bottom),
      radius: between(random, 5, 13),
      strength: between(random, 0.25, 0.55),
    }),
  )
  return {
    gain: [red * level, green * level, blue * level],
    vignette: between(random, 0.05, 0.35),
    falloff: between(random, 0, 0.22),
    glare,
  }
}

/** Noise, blur and compression; most pictures are sharp. */
export function planCapture(random: RandomSource): Capture {
  return {
    noise: chance(random, 0.25) ? between(random, 4, 8) : between(random, 1, 3),
    noiseSeed: random.integer(2 ** 31 - 1),
    defocus: chance(random, 0.14) ? between(random, 0.8, 2) : 0,
    motion: chance(random, 0.1) ? between(random, 2, 5) : 0,
    motionAngle: between(random, -0.5, 0.5),
    quality: chance(random, 0.15) ? between(random, 0.35, 0.6) : 0.85,
  }
}
