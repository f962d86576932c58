import * as v from 'valibot'
import type { ExperimentResult, ExperimentState } from '../replay/replay-types'
import { resultSchema, stateSchema } from '../replay/experiment-schema'

/** JSON of a state or a result; what is undefined is null. */
export function writeExperiment(experiment: ExperimentState | ExperimentResult): string {
  const text = JSON.stringify(experiment, (_, value: unknown) => value ?? null, 1)
  return `${text}\n`
}

/**
 * Reads the state of an experiment.
 * @param name of the file, for the message
 * @throws Error when it is not one
 */
export function readExperimentState(text: string, name: string): ExperimentState {
  return check(stateSchema, text, name)
}

/**
 * Reads the result of an experiment as the state in which it was finished, so that it can be merged; what the images were
 * that a run asked for is not in there.
 * @param name of the file, for the message
 * @throws Error when it is not one
 */
export function readExperimentResult(text: string, name: string): ExperimentState {
  const { strategies, ...rest } = check(resultSchema, text, name)
  const runs = strategies.flatMap(({ id, version, curves }) =>
    curves.map(({ seed, points }) => ({
      strategy: id,
      ...(version !== undefined && { version }),
      seed,
      rounds: points.map((point) => ({ picks: [], point })),
    })),
  )
  return { ...rest, runs }
}

/**
 * Reads the state or the result of an experiment.
 * @param name of the file, for the message
 * @throws Error when it is neither
 */
export function readExperiment(text: string, name: string): ExperimentState {
  const value = parse(text, name)
  const isState = typeof value === 'object' && value !== null && 'runs' in value
  return isState ? readExperimentState(text, name) : readExperimentResult(text, name)
}

function check<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  name: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, parse(text, name))
  if (result.success) return result.output
  const [issue] = result.issues
  throw new Error(
    `${name} is not the file of an experiment: ${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}. ` +
      'Give a file that an experiment has written.',
  )
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${name} is not JSON (${reason}); give a file that an experiment has written.`)
  }
}
