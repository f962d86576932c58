import { fittingHeight, paintText } from './glyphs'
import type { Context } from './render-paint'
import type { Motif, Packaging } from './scene-types'

function disc(ctx: Context, x: number, y: number, radius: number, color: string): void {
  ctx.fillStyle = color
  ctx.beginPath()
  ctx.arc(x, y, radius, 0, 2 * Math.PI)
  ctx.fill()
}

function polygon(
  ctx: Context,
  points: readonly (readonly [number, number])[],
  color: string,
): void {
  ctx.fillStyle = color
  ctx.beginPath()
  points.forEach(([x, y], index) => (index === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)))
  ctx.closePath()
  ctx.fill()
}

function leaf(
  ctx: Context,
  x: number,
  y: number,
  length: number,
  angle: number,
  color: string,
): void {
  ctx.save()
  ctx.translate(x, y)
  ctx.rotate(angle)
  ctx.fillStyle = color
  ctx.beginPath()
  ctx.moveTo(0, 0)
  ctx.quadraticCurveTo(length / 2, -length * 0.42, length, 0)
  ctx.quadraticCurveTo(length / 2, length * 0.42, 0, 0)
  ctx.fill()
  ctx.restore()
}

/** Each picture is drawn around the origin in a circle of radius 1. */
const motifPainters: Readonly<Record<Motif, (ctx: Context, ink: string) => void>> = {
  mountain(ctx, ink) {
    disc(ctx, 0.45, -0.5, 0.28, '#f7c948')
    polygon(
      ctx,
      [
        [-1, 0.7],
        [-0.25, -0.6],
        [0.3, 0.3],
        [0.5, 0],
        [1, 0.7],
      ],
      ink,
    )
    polygon(
      ctx,
      [
        [-0.45, -0.25],
        [-0.25, -0.6],
        [-0.05, -0.25],
        [-0.25, -0.1],
      ],
      '#8fc1ec',
    )
  },
  grain(ctx, ink) {
    polygon(
      ctx,
      [
        [-0.05, 1],
        [-0.05, -0.6],
        [0.05, -0.6],
        [0.05, 1],
      ],
      '#d9a53a',
    )
    leaf(ctx, 0, -0.5, 0.55, -Math.PI / 2, '#e9bc55')
    for (let row = 0; row < 4; row += 1) {
      leaf(ctx, 0, -0.2 + row * 0.3, 0.7, -0.8, row % 2 === 0 ? '#e9bc55' : ink)
      leaf(ctx, 0, -0.2 + row * 0.3, 0.7, Math.PI + 0.8, row % 2 === 0 ? '#e9bc55' : ink)
    }
  },
  tomato(ctx) {
    disc(ctx, 0, 0, 1.08, '#fff6e8')
    disc(ctx, 0, 0.12, 0.8, '#d9241f')
    disc(ctx, -0.3, -0.2, 0.22, '#f2776a')
    for (let i = 0; i < 5; i += 1) leaf(ctx, 0, -0.58, 0.55, (i * 2 * Math.PI) / 5, '#2e7d32')
  },
  beans(ctx, ink) {
    const spots = [
      [-0.5, -0.3, 0.5],
      [0.45, -0.35, -0.4],
      [-0.05, 0.4, 0.1],
      [-0.7, 0.55, -0.7],
      [0.65, 0.5, 0.8],
    ]
    for (const [x, y, angle] of spots) {
      ctx.fillStyle = ink
      ctx.beginPath()
      ctx.ellipse(x, y, 0.42, 0.25, angle, 0, 2 * Math.PI)
      ctx.fill()
      disc(ctx, x + 0.08, y - 0.1, 0.08, '#e6a59b')
    }
  },
  citrus(ctx) {
    disc(ctx, 0, 0, 0.92, '#f08c00')
    disc(ctx, 0, 0, 0.78, '#fff1d0')
    for (let i = 0; i < 8; i += 1) leaf(ctx, 0, 0, 0.72, (i * Math.PI) / 4, '#f9a825')
    leaf(ctx, 0.45, -0.75, 0.75, -0.5, '#7cb342')
  },
  comb(ctx, ink) {
    for (const [x, y] of [
      [0, 0],
      [0.66, 0.38],
      [-0.66, 0.38],
      [0.66, -0.38],
      [-0.66, -0.38],
      [0, 0.76],
      [0, -0.76],
    ]) {
      const corners = Array.from({ length: 6 }, (_, i): [number, number] => [
        x + 0.38 * Math.cos((i * Math.PI) / 3),
        y + 0.38 * Math.sin((i * Math.PI) / 3),
      ])
      polygon(ctx, corners, x === 0 && y === 0 ? ink : '#e8a317')
    }
  },
  cup(ctx, ink) {
    polygon(
      ctx,
      [
        [-0.7, -0.1],
        [0.5, -0.1],
        [0.32, 0.7],
        [-0.5, 0.7],
      ],
      ink,
    )
    ctx.strokeStyle = ink
    ctx.lineWidth = 0.14
    ctx.beginPath()
    ctx.arc(0.5, 0.2, 0.27, -1.4, 1.6)
    for (const x of [-0.4, -0.05, 0.3]) {
      ctx.moveTo(x, -0.3)
      ctx.quadraticCurveTo(x + 0.22, -0.55, x, -0.85)
    }
    ctx.stroke()
    polygon(
      ctx,
      [
        [-0.9, 0.82],
        [0.7, 0.82],
        [0.55, 0.95],
        [-0.75, 0.95],
      ],
      ink,
    )
  },
  blossom(ctx, ink) {
    for (let i = 0; i < 6; i += 1) leaf(ctx, 0, 0, 0.95, (i * Math.PI) / 3, ink)
    disc(ctx, 0, 0, 0.28, '#e2a400')
  },
  leaf(ctx, ink) {
    leaf(ctx, -0.7, 0.6, 1.7, -0.7, ink)
    leaf(ctx, -0.2, 0.7, 1.2, -0.1, ink)
  },
  wave(ctx, ink) {
    ctx.strokeStyle = ink
    ctx.lineWidth = 0.2
    ctx.beginPath()
    for (const y of [-0.5, 0, 0.5]) {
      ctx.moveTo(-0.9, y)
      ctx.bezierCurveTo(-0.4, y - 0.5, 0.4, y + 0.5, 0.9, y)
    }
    ctx.stroke()
  },
  star(ctx, ink) {
    const corners = Array.from({ length: 14 }, (_, i): [number, number] => {
      const radius = i % 2 === 0 ? 1 : 0.55
      return [radius * Math.sin((i * Math.PI) / 7), -radius * Math.cos((i * Math.PI) / 7)]
    })
    polygon(ctx, corners, ink)
  },
  berry(ctx, ink) {
    for (const [x, y] of [
      [-0.4, 0.3],
      [0.4, 0.3],
      [0, -0.1],
      [0, 0.75],
    ]) {
      disc(ctx, x, y, 0.38, ink)
      disc(ctx, x - 0.1, y - 0.12, 0.1, '#ffffff')
    }
    leaf(ctx, 0, -0.4, 0.6, -0.4, '#4c8a3a')
    leaf(ctx, 0, -0.4, 0.6, Math.PI + 0.4, '#4c8a3a')
  },
  fish(ctx, ink) {
    leaf(ctx, -0.9, 0, 1.5, 0, ink)
    polygon(
      ctx,
      [
        [0.4, 0],
        [1, -0.45],
        [0.85, 0],
        [1, 0.45],
      ],
      ink,
    )
    disc(ctx, -0.55, -0.08, 0.08, '#ffffff')
  },
}

/** The picture of a label, centred on (x, y) in a circle of the given radius. */
export function paintMotif(
  ctx: Context,
  motif: Motif,
  x: number,
  y: number,
  radius: number,
  ink: string,
): void {
  ctx.save()
  ctx.translate(x, y)
  ctx.scale(radius, radius)
  motifPainters[motif](ctx, ink)
  ctx.restore()
}

/** Grey lines that read as a paragraph of small print, centred on (x, y). */
export function paintSmallPrint(
  ctx: Context,
  x: number,
  y: number,
  width: number,
  lines: number,
  color: string,
): void {
  ctx.strokeStyle = color
  ctx.lineWidth = 0.13
  ctx.lineCap = 'butt'
  ctx.beginPath()
  for (let i = 0; i < lines; i += 1) {
    // The last line of a paragraph is shorter.
    const half = (width / 2) * (i === lines - 1 ? 0.6 : 1 - 0.07 * (i % 3))
    ctx.moveTo(x - half, y + i * 0.42)
    ctx.lineTo(x + half, y + i * 0.42)
  }
  ctx.stroke()
}

/** Brand name over motif over small print, in a field `width` x `height` centred on (x, y). */
export function paintLabelPrint(
  ctx: Context,
  packaging: Packaging,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  const { brand, motif, ink } = packaging
  const letters = fittingHeight(brand, width * 0.8, height * 0.2)
  const radius = Math.min(width * 0.32, height * 0.26)
  paintText(ctx, brand, x, y - height * 0.34, letters, ink)
  paintMotif(ctx, motif, x, y + height * 0.06, radius, ink)
  paintSmallPrint(ctx, x, y + height * 0.4, width * 0.55, 2, ink)
}
