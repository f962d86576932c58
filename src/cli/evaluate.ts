import { evaluateDetections } from '../core/evaluation/evaluate'
import { FormatError } from '../core/format/problem'
import { readResults, type NamedText } from '../core/format/coco/read-results'

export { FormatError }

/** COCO's names; null where there is nothing to evaluate. */
export type CocoFigures = Readonly<Record<string, number | null>>

/**
 * The twelve figures of the COCO evaluation of a results file against an instances file.
 * @throws FormatError when one of them cannot be used
 */
export function evaluateFiles(truth: NamedText, detections: NamedText): CocoFigures {
  const { images, categories } = readResults(truth, detections)
  const { metrics } = evaluateDetections(images, categories)
  const named = {
    AP: metrics.ap,
    AP50: metrics.ap50,
    AP75: metrics.ap75,
    APs: metrics.apSmall,
    APm: metrics.apMedium,
    APl: metrics.apLarge,
    AR1: metrics.ar1,
    AR10: metrics.ar10,
    AR100: metrics.ar100,
    ARs: metrics.arSmall,
    ARm: metrics.arMedium,
    ARl: metrics.arLarge,
  }
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, value ?? null]))
}
