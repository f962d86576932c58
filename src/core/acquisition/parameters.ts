import type { ChoiceParameter, NumberParameter, ParameterValues, StrategyParameter } from './types'

/**
 * The chosen option of a parameter, its default when none was chosen.
 * @throws RangeError when the choice is not among the options.
 */
export function choiceOf(parameter: ChoiceParameter, values: ParameterValues): string {
  const value = Object.hasOwn(values, parameter.id)
    ? String(values[parameter.id])
    : parameter.defaultValue
  if (!parameter.options.includes(value)) {
    throw new RangeError(
      `${parameter.label} is '${value}'; choose one of: ${parameter.options.join(', ')}.`,
    )
  }
  return value
}

/**
 * The number given for a parameter, its default when none was given. Where the lowest number and the step are whole, it is a
 * count, which has nothing between two steps; fractional steps are those of the field alone.
 * @throws RangeError when it is not a number within the parameter's limits, or a count between two steps.
 */
export function numberOf(parameter: NumberParameter, values: ParameterValues): number {
  const { id, label, min, max, step, defaultValue } = parameter
  const value = Object.hasOwn(values, id) ? Number(values[id]) : defaultValue
  const isCount = Number.isInteger(min) && Number.isInteger(step)
  const isBetweenSteps = isCount && (value - min) % step !== 0
  if (!(value >= min && value <= max) || isBetweenSteps) {
    const wanted = `a ${isCount ? 'whole ' : ''}number from ${min} to ${max}`
    const steps = isCount && step > 1 ? ` in steps of ${step}` : ''
    throw new RangeError(`${label} is '${values[id] ?? ''}'; give ${wanted}${steps}.`)
  }
  return value
}

/**
 * The values of parameters that there are. Those of a stored notebook may be of a strategy that has lost a parameter since:
 * what nobody looks at should not be carried on.
 */
export function knownValues(
  parameters: readonly StrategyParameter[],
  values: ParameterValues,
): ParameterValues {
  const known = new Set(parameters.map(({ id }) => id))
  return Object.fromEntries(Object.entries(values).filter(([id]) => known.has(id)))
}
