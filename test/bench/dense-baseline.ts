/**
 * The detector's head as one would write it with plain `tf.layers` and `model.fit`: 1 x 1 convolutions over whole maps,
 * losses in tensor operations, automatic gradients, Adam.
 *
 * It has what the engine's own training has: the same cached features, targets, start values, width, committee and
 * learning rate. It is spared what that pays for regularisation (feature noise, dropout, weight decay), as random
 * numbers for whole maps would cost it a third of a step, and waits for the page once an epoch only. Its rate is
 * constant, so that it need not know when it will be good enough, and its best moment counts rather than its last.
 */
import { copyCell } from '../../src/core/detection/cell-features'
import * as tf from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import type { FeatureStore } from '../../src/engine/features/feature-store'
import { headDigest } from '../../src/engine/head/head-digest'
import { headLayout, initialParameters, packHead, type HeadShape } from '../../src/engine/head/head'
import type { FeatureMap } from '../../src/engine/features/protocol'
import type { TrainRequest, TrainedHead } from '../../src/engine/head/protocol'
import {
  createTrainingSet,
  meanRawDistances,
  type TrainingImage,
} from '../../src/engine/head/training-set'
import { seededRandom } from '../../src/core/random/seeded'

const giouWeight = 5
const rawDistanceLimit = 6

export interface DenseOptions {
  readonly imagesPerStep: number
  readonly secondsLimit: number
  /** Called every so many seconds of training, outside the clock; true ends the training. */
  readonly everySeconds: number
  readonly onHead: (head: TrainedHead, seconds: number, epoch: number) => Promise<boolean>
}

/** Trains until `onHead` is content or the time is up. @returns the seconds spent in `model.fit` */
export async function trainDense(
  request: TrainRequest,
  store: FeatureStore,
  { imagesPerStep, secondsLimit, everySeconds, onHead }: DenseOptions,
): Promise<number> {
  const { settings, categories, seed } = request
  const { images, channels, projectionId } = createTrainingSet(request, store)
  const shape: HeadShape = {
    channels,
    members: settings.committee,
    hidden: settings.hidden,
    outputs: categories.length + 4,
  }
  const { model, members } = buildModel(shape, images, seed)
  const loss = (truth: tf.Tensor, raw: tf.Tensor): tf.Tensor =>
    denseLoss(truth, raw, categories.length)
  model.compile({ optimizer: tf.train.adam(settings.learningRate), loss })
  const inputs = featureMaps(images)
  const truth = targetMaps(images, shape.outputs)

  let before = 0
  let since = performance.now()
  let evaluatedAt = 0
  const seconds = (): number => before + (performance.now() - since) / 1000
  const callbacks = new layers.CustomCallback({
    onEpochEnd: async (epoch) => {
      if (seconds() - evaluatedAt < everySeconds && seconds() < secondsLimit) return
      before = seconds()
      evaluatedAt = before
      const weights = packHead(shape, readParameters(shape, members))
      const digest = await headDigest(weights)
      const head = { categories, settings, channels, projectionId, weights, digest }
      const isContent = await onHead(head, before, epoch + 1)
      since = performance.now()
      if (isContent || before >= secondsLimit) model.stopTraining = true
    },
  })
  try {
    await model.fit(
      inputs,
      members.map(() => truth),
      {
        batchSize: imagesPerStep,
        epochs: 1_000_000,
        shuffle: true,
        yieldEvery: 'epoch',
        callbacks,
      },
    )
  } finally {
    tf.dispose([inputs, truth])
    model.dispose()
  }
  return before
}

/** A member's two layers, hidden and output. */
type Tower = readonly [
  ReturnType<typeof layers.layers.conv2d>,
  ReturnType<typeof layers.layers.conv2d>,
]

/** Columns that the targets have beside what is to be answered. */
const extraColumns = 2

/**
 * One output a member, [rows, columns, C + 6], from the start values that the engine draws for the same seed. The last
 * two of them are idle: `model.fit` insists on as many outputs as there are columns in the targets.
 */
function buildModel(
  shape: HeadShape,
  images: readonly TrainingImage[],
  seed: number,
): { readonly model: layers.LayersModel; readonly members: readonly Tower[] } {
  const random = seededRandom(seed).fork('weights')
  const start = initialParameters(shape, meanRawDistances(images), random)
  const { hiddenBias, outputKernel, outputBias, memberSize } = headLayout(shape)
  const { channels, hidden, outputs } = shape
  const input = layers.input({ shape: [null, null, channels] })
  const members = Array.from({ length: shape.members }, (): Tower => [
    layers.layers.conv2d({ filters: hidden, kernelSize: 1, activation: 'relu' }),
    layers.layers.conv2d({ filters: outputs + extraColumns, kernelSize: 1 }),
  ])
  const heads = members.map(([first, second]) =>
    second.apply(first.apply(input)),
  ) as layers.SymbolicTensor[]
  members.forEach(([first, second], member) => {
    const own = start.slice(member * memberSize, (member + 1) * memberSize)
    tf.tidy(() => {
      first.setWeights([
        tf.tensor4d(own.slice(0, hiddenBias), [1, 1, channels, hidden]),
        tf.tensor1d(own.slice(hiddenBias, outputKernel)),
      ])
      second.setWeights([
        tf.pad(tf.tensor4d(own.slice(outputKernel, outputBias), [1, 1, hidden, outputs]), idle(4)),
        tf.pad(tf.tensor1d(own.slice(outputBias)), idle(1)),
      ])
    })
  })
  return { model: layers.model({ inputs: input, outputs: heads }), members }
}

/** Paddings that add the idle outputs to the last of `rank` axes. */
function idle(rank: number): [number, number][] {
  return Array.from({ length: rank }, (_, axis) => [0, axis === rank - 1 ? extraColumns : 0])
}

/** The weights in the layout of the engine's own heads, so that both are evaluated by the same code. */
function readParameters(shape: HeadShape, members: readonly Tower[]): Float32Array {
  const parameters = new Float32Array(headLayout(shape).size)
  let at = 0
  const add = (weight: tf.Tensor): void => {
    parameters.set(weight.dataSync(), at)
    at += weight.size
  }
  for (const [first, second] of members) {
    first.getWeights().forEach(add)
    tf.tidy(() =>
      second.getWeights().forEach((weight) => {
        add(tf.slice(weight, 0, [...weight.shape.slice(0, -1), shape.outputs]))
      }),
    )
  }
  return parameters
}

function firstFeatures(images: readonly TrainingImage[]): FeatureMap {
  const [first] = images
  if (first === undefined) throw new Error('There is no image to train on.')
  return first.features
}

/** [images, rows, columns, D] */
function featureMaps(images: readonly TrainingImage[]): tf.Tensor4D {
  const { rows, columns, channels } = firstFeatures(images)
  const cells = rows * columns
  const values = new Float32Array(images.length * cells * channels)
  images.forEach(({ features }, image) => {
    for (let cell = 0; cell < cells; cell++)
      copyCell(features, features.codes, cell, values, (image * cells + cell) * channels)
  })
  return tf.tensor4d(values, [images.length, rows, columns, channels])
}

/** [images, rows, columns, C + 6]: class heat, four distances, weight of the box loss, 1 where the class loss counts. */
function targetMaps(images: readonly TrainingImage[], outputs: number): tf.Tensor4D {
  const { rows, columns } = firstFeatures(images)
  const width = outputs + extraColumns
  const classCount = outputs - 4
  const values = new Float32Array(images.length * rows * columns * width)
  images.forEach(({ views: [{ targets }] }, image) => {
    const first = image * rows * columns
    targets.background.forEach((isBackground, cell) => {
      values[(first + cell) * width + outputs + 1] = isBackground
    })
    targets.cells.forEach((cell, position) => {
      const at = (first + cell) * width
      const heat = targets.heat.subarray(position * classCount, (position + 1) * classCount)
      values.set(heat, at)
      values.set(targets.distances.subarray(position * 4, position * 4 + 4), at + classCount)
      values[at + outputs] = targets.boxWeights[position] ?? 0
      values[at + outputs + 1] = 1
    })
  })
  return tf.tensor4d(values, [images.length, rows, columns, width])
}

/** The loss of `core/detection/loss.ts` over every cell of the maps: focal (2, 4) and 5 x weighted GIoU. */
function denseLoss(truth: tf.Tensor, raw: tf.Tensor, classCount: number): tf.Tensor {
  const [heat, distances, boxWeight, counts] = tf.split(truth, [classCount, 4, 1, 1], -1)
  const [logits, rawDistances] = tf.split(raw, [classCount, 4, extraColumns], -1)
  return tf.add(
    focalLoss(heat, logits, counts),
    tf.mul(giouWeight, giouLoss(distances, rawDistances, boxWeight)),
  )
}

function focalLoss(heat: tf.Tensor, logits: tf.Tensor, counts: tf.Tensor): tf.Tensor {
  const isCentre = tf.cast(tf.equal(heat, 1), 'float32')
  const probability = tf.sigmoid(logits)
  const centre = tf.mul(tf.square(tf.sub(1, probability)), tf.softplus(tf.neg(logits)))
  const reduction = tf.pow(tf.sub(1, heat), 4)
  const elsewhere = tf.mul(tf.mul(reduction, tf.square(probability)), tf.softplus(logits))
  // At centres the reduction is zero, so the two can be added.
  const losses = tf.add(tf.mul(isCentre, centre), elsewhere)
  return tf.div(tf.sum(tf.mul(losses, counts)), tf.maximum(1, tf.sum(isCentre)))
}

function giouLoss(distances: tf.Tensor, raw: tf.Tensor, weight: tf.Tensor): tf.Tensor {
  const predicted = tf.exp(tf.clipByValue(raw, -rawDistanceLimit, rawDistanceLimit))
  const [left, top, right, bottom] = tf.split(predicted, 4, -1)
  const [trueLeft, trueTop, trueRight, trueBottom] = tf.split(distances, 4, -1)
  const span = (
    pick: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
    a: readonly [tf.Tensor, tf.Tensor],
    b: readonly [tf.Tensor, tf.Tensor],
  ): tf.Tensor => tf.add(pick(a[0], a[1]), pick(b[0], b[1]))
  const overlap = tf.mul(
    tf.relu(span(tf.minimum, [left, trueLeft], [right, trueRight])),
    tf.relu(span(tf.minimum, [top, trueTop], [bottom, trueBottom])),
  )
  const hull = tf.mul(
    span(tf.maximum, [left, trueLeft], [right, trueRight]),
    span(tf.maximum, [top, trueTop], [bottom, trueBottom]),
  )
  const area = tf.mul(tf.add(left, right), tf.add(top, bottom))
  const trueArea = tf.mul(tf.add(trueLeft, trueRight), tf.add(trueTop, trueBottom))
  const union = tf.sub(tf.add(area, trueArea), overlap)
  const losses = tf.sub(2, tf.add(tf.div(overlap, union), tf.div(union, hull)))
  // Where there is no target the weight is zero.
  return tf.div(tf.sum(tf.mul(weight, losses)), tf.maximum(tf.sum(weight), 1e-6))
}
