import type { CategoryId, ImageId } from '../dataset/types'
import type { Box } from '../geometry/box'

/** One predicted box. */
export interface Detection {
  /** Original-image pixels, top-left origin; clipped to the image. */
  readonly box: Box
  readonly categoryId: CategoryId
  /** Committee-mean probability of `categoryId`, 0..1. */
  readonly score: number
  /** Committee-mean probability of each category at the peak, in category order; independent sigmoids. */
  readonly classProbabilities: readonly number[]
  /** Probability of `categoryId` according to each committee member, length K. */
  readonly memberScores: readonly number[]
}

/** Detections with the number of raw boxes behind each. */
export interface SupportedDetections {
  /** Score descending, after NMS. */
  readonly detections: readonly Detection[]
  /** Parallel to the detections: boxes of the class that NMS merged into each, itself included. */
  readonly support: readonly number[]
}

/** A cell where at least one member of the committee sees an object. */
export interface CommitteePeak {
  readonly categoryId: CategoryId
  /** Probability of the category according to each member, length K. */
  readonly memberScores: readonly number[]
}

/** Where the weights of a training start: at random numbers, or at those of the head of the round before. */
export type TrainingStart = 'scratch' | 'warm'

/**
 * How deep a training goes: `head` leaves the network below the head as it is, `decoder` trains the part of it that
 * joins resolutions as well, `full` everything.
 */
export type TrainingDepth = 'head' | 'decoder' | 'full'

/** What a head is trained with. */
export interface ModelSettings {
  /** Side of the square letterboxed input in pixels; a multiple of 32. */
  readonly inputSize: number
  /** Committee members K. */
  readonly committee: number
  /** Optimiser steps a training. */
  readonly steps: number
  /** Hidden units a head. */
  readonly hidden: number
  readonly learningRate: number
  readonly start: TrainingStart
  readonly depth: TrainingDepth
  /** Other views of each labelled image to learn from: mirrored, zoomed, in slightly other colours. */
  readonly views: number
}

/** How many objects of a category a committee sees. */
export interface CategoryCount {
  readonly categoryId: CategoryId
  /** Committee-mean number of objects with a probability of at least the threshold. */
  readonly count: number
  /** Standard deviation of that number over the committee members. */
  readonly deviation: number
}

/** Everything predicted for one image, score descending. */
export interface ImageDetections {
  readonly imageId: ImageId
  readonly detections: readonly Detection[]
}
