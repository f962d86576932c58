import { boxThreshold } from '../doubt/box-threshold'
import { kernelWidth, populationOf, standsFor } from '../variety/population'
import { fillWithMissing, imageFeature, imageFeatures } from '../variety/image-features'
import { imageUtilities, imageUtility } from '../worth/image-utility'
import { costWeight, labelingSeconds } from '../cost/labeling-seconds'
import { choiceOf, numberOf } from '../parameters'
import { greedyHerding, pickUpTo } from '../variety/herding'
import { checkBatchSize } from '../select'
import type { QueryStrategy } from '../types'

/**
 * Uncertainty herding (Bae et al. 2025): greedily the images that add most to the mean over the unlabelled images x of
 * u(x) max K(x, c), c being what is labelled or picked, K a Gaussian kernel on the standardised image features and u the
 * worth of an image. With u = 1 it is MaxHerding (Bae et al. 2024). The paper takes for u the calibrated uncertainty and
 * for the kernel's width the smallest distance of two labelled images; both are to be had, the defaults did better with
 * detectors.
 */
export const uherdingStrategy: QueryStrategy = {
  id: 'uherding',
  name: 'UHerding',
  summary: 'Asks for the images that stand for most of the pool where the model is unsure.',
  source:
    'Bae, Sutherland & Oliveira 2025, Uncertainty herding; Bae et al. 2024, Generalized coverage (MaxHerding)',
  parameters: [imageUtility, costWeight, kernelWidth, boxThreshold, imageFeature],
  needs: ['features'],
  coldStart: true,
  select(context, batchSize, parameters, random) {
    checkBatchSize(batchSize)
    const how = choiceOf(imageUtility, parameters)
    const width = choiceOf(kernelWidth, parameters)
    const weight = numberOf(costWeight, parameters)
    const features = imageFeatures(context, parameters, random)
    const { images, unlabeled, labeled, missing } = features
    const utilities = imageUtilities(images, context, parameters)
    const next = greedyHerding({
      ...populationOf(features, utilities, width),
      candidates: unlabeled,
      covering: labeled,
      costs: Float64Array.from(labelingSeconds(images, context), (time) => time ** weight),
    })
    const picks = pickUpTo(batchSize, next).map((pick) => {
      const { imageId, detections } = images[pick.index]
      const lesser = utilities.filter((utility) => utility < utilities[pick.index]).length
      const below = Math.floor((100 * lesser) / images.length)
      const worth =
        how === 'none' || detections === undefined
          ? ''
          : `; its boxes are worth more than those of ${below} % of the pool (${how})`
      return { imageId, score: pick.gain, reason: standsFor(pick, images.length) + worth }
    })
    return fillWithMissing(picks, missing, batchSize)
  },
}
