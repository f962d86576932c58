/** Files the user takes away: labels as COCO, charts as SVG and PNG, figures as CSV. */
import type { Category, ImageRecord } from '../core/dataset/types'
import { writeExperiment } from '../core/experiment/files/experiment-files'
import { type ExperimentFigures, resultOf } from '../core/experiment/statistics/figures'
import { CURVE_COLUMNS, curveToRows } from '../core/notebook/learning-curve'
import { pointColumns, pointRows } from '../core/experiment/files/points-table'
import type { ExperimentState } from '../core/experiment/replay/replay-types'
import type { LearningCurve } from '../core/notebook/curve-types'
import { writeCoco } from '../core/format/coco/write'
import { writeCsv } from '../core/format/csv/write'
import type { CountOutput } from '../core/notebook/types'
import type { LabelBook } from './state/label-book.svelte'

const svgNamespace = 'http://www.w3.org/2000/svg'

/** The finished labels of these images as a COCO instances file; one without boxes is listed as holding nothing. */
export function cocoLabels(images: readonly ImageRecord[], labels: LabelBook): string {
  const done = images.filter(({ id }) => labels.isDone(id))
  const annotations = done.flatMap(({ id }) => labels.of(id))
  return writeCoco({ categories: labels.categories, images: done, annotations })
}

/**
 * A chart as a file of its own: a standalone SVG document on a white background that needs no stylesheet.
 * `currentColor` and custom properties become the colours they stand for in the page, so draw the chart with colours
 * that suit white. The element itself is not changed.
 */
export function svgDocument(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true)
  if (!(copy instanceof SVGSVGElement))
    throw new Error('Only an SVG element can become an SVG file.')
  const { width, height } = svgSize(svg)
  // Styles are computed for elements of the page only.
  const host = document.createElement('div')
  host.style.cssText = 'position: fixed; visibility: hidden'
  host.append(copy)
  document.body.append(host)
  const { color, fontSize } = getComputedStyle(copy)
  for (const element of copy.querySelectorAll('*')) {
    const computed = getComputedStyle(element)
    for (const name of ['fill', 'stroke']) {
      const value = element.getAttribute(name)
      if (value !== null && /currentcolor|var\(/i.test(value))
        element.setAttribute(name, computed.getPropertyValue(name))
    }
  }
  host.remove()
  // Plot styles its charts by class for the page; what a file needs of it stands on the root element.
  for (const style of copy.querySelectorAll('style')) style.remove()
  copy.setAttribute('style', 'white-space: pre')
  copy.removeAttribute('class')
  copy.setAttribute('xmlns', svgNamespace)
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  copy.setAttribute('fill', color)
  copy.setAttribute('font-family', 'system-ui, sans-serif')
  copy.setAttribute('font-size', fontSize)
  const background = document.createElementNS(svgNamespace, 'rect')
  background.setAttribute('width', '100%')
  background.setAttribute('height', '100%')
  background.setAttribute('fill', '#ffffff')
  copy.prepend(background)
  return new XMLSerializer().serializeToString(copy)
}

/**
 * The chart as a PNG with `scale` pixels to a unit of the SVG.
 * @throws Error when the browser cannot draw it.
 */
export async function pngBlob(svg: SVGSVGElement, scale = 2): Promise<Blob> {
  const { width, height } = svgSize(svg)
  const url = URL.createObjectURL(new Blob([svgDocument(svg)], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('This browser gave no canvas to draw the chart on.')
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob === null) reject(new Error('The chart could not be written as PNG; take the SVG.'))
        else resolve(blob)
      }, 'image/png')
    })
  } finally {
    URL.revokeObjectURL(url)
  }
}

/** One row a finished round, AP and AP50 0..1, effort in seconds. */
export function curveCsv(curve: LearningCurve): string {
  return writeCsv(CURVE_COLUMNS, curveToRows(curve))
}

/** Every trained round of an experiment, one row each. */
export function experimentCsv(state: ExperimentState): string {
  return writeCsv(pointColumns, pointRows(state))
}

/**
 * The result of an experiment in the format of the command line. It does not merge with results of the command line:
 * those are made on other digests of the data.
 */
export function experimentJson(state: ExperimentState, figures: ExperimentFigures): string {
  return writeExperiment(resultOf(state, figures))
}

/** One row for each image and category, in the order of the count; figures to three decimals. */
export function countCsv(
  { images: counted, totals, threshold }: CountOutput,
  categories: readonly Category[],
  images: readonly ImageRecord[],
): string {
  const categoryNames = new Map(categories.map(({ id, name }) => [id, name]))
  const imageNames = new Map(images.map(({ id, name }) => [id, name]))
  const rounded = (value: number): number => Math.round(value * 1000) / 1000
  return writeCsv(
    ['image', 'category', 'count', 'deviation', 'threshold'],
    counted.flatMap(({ imageId, counts }) => {
      const byCategory = new Map(counts.map((item) => [item.categoryId, item]))
      return totals.map(({ categoryId }) => {
        const { count = 0, deviation = 0 } = byCategory.get(categoryId) ?? {}
        return [
          imageNames.get(imageId) ?? imageId,
          categoryNames.get(categoryId) ?? categoryId,
          rounded(count),
          rounded(deviation),
          threshold,
        ]
      })
    }),
  )
}

/** `Cows from above` and `curve.csv` give `cows-from-above-curve.csv`. */
export function fileName(project: string, ending: string): string {
  const slug = project
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
  return slug === '' ? ending : `${slug}-${ending}`
}

/** Hands a file to the browser's downloads. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has its own hold on the bytes once the click has been dispatched, but not within it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Size of a chart in units of its own coordinates. */
function svgSize(svg: SVGSVGElement): { readonly width: number; readonly height: number } {
  const { width, height } = svg.viewBox.baseVal
  if (width === 0 || height === 0)
    throw new Error('The chart has no viewBox to take its size from.')
  return { width, height }
}
