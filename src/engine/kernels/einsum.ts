import * as tf from '@tensorflow/tfjs-core'
import { composedKernel, type Composition } from './composition'

/** An operand, and for each of its axes the number of the label that the equation gives it. */
interface Operand {
  readonly tensor: tf.TensorInfo
  readonly labels: readonly number[]
}

/**
 * Einstein summation of one or two tensors by at most one batched matrix product: labels are sorted into those of both
 * operands and the result (batch), of both but not the result (contracted), and of one operand only.
 */
export const einsum = composedKernel<tf.TensorInfo[], tf.EinsumAttrs>(
  tf.Einsum,
  (steps, inputs, { equation }) => {
    // tfjs passes the list of inputs as an object with the keys 0 and 1.
    const tensors = Object.values(inputs)
    const { allDims, summedDims, idDims } = tf.backend_util.decodeEinsumEquation(
      equation,
      tensors.length,
    )
    const operands = tensors.map((tensor, index): Operand => ({
      tensor,
      labels: idDims[index] ?? [],
    }))
    const sizes = labelSizes(equation, operands)
    const summed = new Set(summedDims)
    // The decoder numbers the result's labels first, in their order.
    const kept = allDims.map((_, label) => label).filter((label) => !summed.has(label))
    const sizeOf = (labels: readonly number[]): number =>
      labels.reduce((product, label) => product * (sizes[label] ?? 1), 1)
    const [a, b] = operands
    if (a === undefined) throw new Error(`The equation '${equation}' has no operand.`)
    if (b === undefined) {
      const gone = a.labels.filter((label) => summed.has(label))
      const rows = steps.reshape(arrange(steps, a, [...kept, ...gone]), [
        sizeOf(kept),
        sizeOf(gone),
      ])
      return steps.reshape(
        steps.sum(rows, 1),
        kept.map((label) => sizes[label] ?? 1),
      )
    }
    const shared = a.labels.filter((label) => b.labels.includes(label))
    const batch = shared.filter((label) => !summed.has(label))
    const contracted = shared.filter((label) => summed.has(label))
    const ownOf = ({ labels }: Operand, isSummed: boolean): number[] =>
      labels.filter((label) => !shared.includes(label) && summed.has(label) === isSummed)
    /** The operand with its labels in this order, and those that only it has summed away. */
    const reduced = (operand: Operand, groups: readonly (readonly number[])[]): tf.TensorInfo => {
      const gone = ownOf(operand, true)
      const shape = groups.map(sizeOf)
      const arranged = arrange(steps, operand, [...groups.flat(), ...gone])
      if (gone.length === 0) return steps.reshape(arranged, shape)
      return steps.sum(steps.reshape(arranged, [...shape, sizeOf(gone)]), shape.length)
    }
    const [rows, columns] = [ownOf(a, false), ownOf(b, false)]
    const product = steps.matMul(
      reduced(a, [batch, rows, contracted]),
      reduced(b, [batch, contracted, columns]),
    )
    const order = [...batch, ...rows, ...columns]
    const named = steps.reshape(
      product,
      order.map((label) => sizes[label] ?? 1),
    )
    return arrange(steps, { tensor: named, labels: order }, kept)
  },
)

/** Transposes so that the axes follow the given labels. */
function arrange(
  steps: Composition,
  { tensor, labels }: Operand,
  order: readonly number[],
): tf.TensorInfo {
  return steps.transpose(
    tensor,
    order.map((label) => labels.indexOf(label)),
  )
}

/** @throws Error when the operands disagree about the size of a label */
function labelSizes(equation: string, operands: readonly Operand[]): readonly number[] {
  const sizes: number[] = []
  for (const { tensor, labels } of operands) {
    labels.forEach((label, axis) => {
      const size = tensor.shape[axis] ?? 1
      const known = sizes[label] ?? size
      if (known !== size) {
        throw new Error(`Einsum '${equation}': one label stands for sizes ${known} and ${size}.`)
      }
      sizes[label] = size
    })
  }
  return sizes
}
