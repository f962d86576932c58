import * as Plot from '@observablehq/plot'
import type { LossPoint } from '../../core/notebook/types'
import type { ChartPalette } from './palette'
import { plotSvg } from './plot'

interface Options {
  readonly width: number
  readonly height: number
  readonly palette: ChartPalette
  /** The step the training ends with: the axis does not move while the line grows. */
  readonly steps: number
  readonly log: boolean
}

/** Training loss against the optimiser step. On a log axis losses that are not positive are left out. */
export function drawLoss(losses: readonly LossPoint[], options: Options): SVGSVGElement {
  const { palette, width, height, steps, log } = options
  const shown = log ? losses.filter(({ loss }) => loss > 0) : losses
  const largest = Math.max(0, ...shown.map(({ loss }) => loss))
  return plotSvg(
    {
      width,
      height,
      marginLeft: 36,
      marginRight: 8,
      marginTop: 18,
      marginBottom: 34,
      x: {
        domain: [0, Math.max(1, steps)],
        label: 'step',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 6,
      },
      y: {
        type: log ? 'log' : 'linear',
        ...(log ? {} : { domain: [0, largest === 0 ? 1 : largest] }),
        label: log ? 'loss (log)' : 'loss',
        labelArrow: 'none',
        ticks: 3,
        tickFormat: (value: number) => String(Number(value.toPrecision(2))),
      },
      marks: [
        Plot.gridY({ stroke: palette.grid, strokeOpacity: 1, ticks: 3 }),
        Plot.lineY(shown, { x: 'step', y: 'loss', stroke: palette.first, strokeWidth: 1.5 }),
      ],
    },
    palette,
  )
}
