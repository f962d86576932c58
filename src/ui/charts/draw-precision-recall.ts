import * as Plot from '@observablehq/plot'
import type { ChartPalette } from './palette'
import { plotSvg } from './plot'
import { unitAxes } from './unit-axes'

/** The precision-recall curve of one class. */
export interface NamedCurve {
  readonly name: string
  /** Undefined draws it in the colour of the text. */
  readonly color: string | undefined
  /** Precision at evenly spaced recalls from 0 to 1. */
  readonly precision: readonly number[]
}

interface Options {
  readonly width: number
  readonly height: number
  readonly palette: ChartPalette
}

interface CurvePlace {
  readonly curve: NamedCurve
  readonly recall: number
  readonly precision: number
}

/** Precision over recall, both 0..1, a line a class; under the pointer the class and its figures. */
export function drawPrecisionRecall(
  curves: readonly NamedCurve[],
  { width, height, palette }: Options,
): SVGSVGElement {
  const places = curves.flatMap((curve) =>
    curve.precision.map((precision, index): CurvePlace => ({
      curve,
      recall: index / (curve.precision.length - 1),
      precision,
    })),
  )
  return plotSvg(
    {
      width,
      height,
      ...unitAxes('Recall', 'Precision'),
      marks: [
        Plot.gridY({ stroke: palette.grid, strokeOpacity: 1, ticks: 5 }),
        Plot.ruleY([0], { stroke: palette.faint }),
        Plot.line(places, {
          x: 'recall',
          y: 'precision',
          z: 'curve',
          stroke: ({ curve }: CurvePlace) => curve.color ?? palette.text,
          strokeWidth: 1.5,
          ariaLabel: ({ curve }: CurvePlace) => curve.name,
        }),
        Plot.tip(
          places,
          Plot.pointer({
            x: 'recall',
            y: 'precision',
            title: ({ curve, recall, precision }: CurvePlace) =>
              `${curve.name}\nrecall ${recall.toFixed(2)}   precision ${precision.toFixed(2)}`,
            fill: palette.background,
            stroke: palette.faint,
            textPadding: 10,
            lineHeight: 1.4,
          }),
        ),
      ],
    },
    palette,
  )
}
