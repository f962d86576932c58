import type { CategoryId } from '../dataset/types'
import { calibrateProbability } from './calibrate'
import { fitIsotonic } from './isotonic'
import { fitPlatt, fitTemperature, type Outcomes } from './logistic'
import { logLoss } from '../numeric/probability'
import type { Calibration, CalibrationSample, Calibrator } from './types'

/** Of fewer detections a fit follows chance. */
const FEWEST = 6
const FEWEST_FOR_PLATT = 50
const FEWEST_FOR_ISOTONIC = 500
/** A step of the isotonic map that rests on a handful of right boxes among hundreds of wrong ones is chance. */
const FEWEST_OF_EACH_FOR_ISOTONIC = 50

/**
 * Fits a calibrator to each category's samples: a temperature from 6 detections on, Platt scaling from 50, isotonic
 * regression from 500 with at least 50 correct and 50 wrong ones. A category with fewer than 6
 * keeps its scores; so does one with nothing but correct or nothing but wrong ones, which any of these would send to 1 or 0
 * whatever the score: there they may be too high or too low. Platt and isotonic regression keep off certainty, which may fit
 * confident scores worse than they fit themselves: then the temperature stays, which cannot.
 *
 * @param samples of detections by a model that did not train on their images
 * @param categories in category order; samples of others are left out
 */
export function fitCalibration(
  samples: readonly CalibrationSample[],
  categories: readonly CategoryId[],
): Calibration {
  return {
    categories: categories.map((categoryId) => {
      const own = samples.filter((sample) => sample.categoryId === categoryId)
      const outcomes = {
        scores: own.map(({ score }) => score),
        correct: own.map(({ correct }) => correct),
      }
      return {
        categoryId,
        calibrator: fitCalibrator(outcomes),
        samples: own.length,
        correct: outcomes.correct.filter(Boolean).length,
      }
    }),
  }
}

function fitCalibrator(outcomes: Outcomes): Calibrator {
  const { scores, correct } = outcomes
  if (scores.length < FEWEST || new Set(correct).size < 2) return { kind: 'identity' }
  const temperature = fitTemperature(outcomes)
  if (scores.length < FEWEST_FOR_PLATT) return temperature
  const right = correct.filter(Boolean).length
  const isMany =
    scores.length >= FEWEST_FOR_ISOTONIC &&
    Math.min(right, scores.length - right) >= FEWEST_OF_EACH_FOR_ISOTONIC
  const finer = isMany ? fitIsotonic(outcomes) : fitPlatt(outcomes)
  const loss = (calibrator: Calibrator): number =>
    logLoss(
      scores.map((score) => calibrateProbability(calibrator, score)),
      correct,
    )
  return loss(finer) > loss({ kind: 'identity' }) ? temperature : finer
}
