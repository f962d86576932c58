import type { ChoiceParameter, NumberParameter, ParameterValues } from './types'

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
 * The number given for a parameter, its default when none was given.
 * @throws RangeError when it is not a number within the parameter's limits.
 */
export function numberOf(parameter: NumberParameter, values: ParameterValues): number {
  const { id, label, min, max, defaultValue } = parameter
  const value = Object.hasOwn(values, id) ? Number(values[id]) : defaultValue
  if (!(value >= min && value <= max)) {
    throw new RangeError(`${label} is '${values[id] ?? ''}'; give a number from ${min} to ${max}.`)
  }
  return value
}
