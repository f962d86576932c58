import {
  aggregate,
  aggregatedName,
  aggregationOf,
  aggregationParameters,
} from '../doubt/aggregation'
import { boxThreshold } from '../doubt/box-threshold'
import { classLeads, explainLeads } from '../doubt/class-lead'
import { numberOf } from '../parameters'
import { NOT_PREDICTED } from '../reason'
import { selectBatch } from '../select'
import type { QueryStrategy } from '../types'

/**
 * Margin sampling, '1-vs-2' (Brust et al. 2019): 1 - (p1 - p2) at the peak of every predicted box, p1 and p2 being
 * the two largest class probabilities there, aggregated over the image. Heads are sigmoids, so a faint box counts as
 * undecided even where one class leads; with one class alone it is 1 - p1. An image without boxes scores 0.
 */
export const marginStrategy: QueryStrategy = {
  id: 'margin',
  name: 'Class margin',
  summary: 'Asks for the images whose boxes could as well be of another class.',
  source: 'Brust, Käding & Denzler 2019, Active learning for deep object detection',
  parameters: [...aggregationParameters, boxThreshold],
  needs: [],
  select(context, batchSize, parameters, random) {
    const aggregation = aggregationOf(parameters)
    const lowest = numberOf(boxThreshold, parameters)
    const judged = context.judgedCategories ?? context.categories
    const scores = context.unlabeled.map(({ imageId, detections }) => {
      if (detections === undefined) return { imageId, score: 0, reason: NOT_PREDICTED }
      const leads = classLeads(detections, judged, lowest)
      if (leads.length === 0) {
        return { imageId, score: 0, reason: `no box with a score of ${lowest} or more` }
      }
      const score = aggregate(
        leads.map(({ lead }) => 1 - lead),
        aggregation,
      )
      const measure = `${aggregatedName('margin score', aggregation)} ${score.toFixed(2)}`
      return { imageId, score, reason: `${explainLeads(leads, context)}, ${measure}` }
    })
    return selectBatch(scores, batchSize, random)
  },
}
