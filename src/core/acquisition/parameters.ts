import type { StrategyParameter } from './types'

/**
 * The chosen option of a parameter, its default when none was chosen.
 * @throws RangeError when the choice is not among the options.
 */
export function chosenOption(
  parameter: StrategyParameter,
  chosen: Readonly<Record<string, string>>,
): string {
  const value = Object.hasOwn(chosen, parameter.id) ? chosen[parameter.id] : parameter.defaultValue
  if (!parameter.options.includes(value)) {
    throw new RangeError(
      `${parameter.label} is '${value}'; choose one of: ${parameter.options.join(', ')}.`,
    )
  }
  return value
}
