import * as v from 'valibot'
import type { ModelSettings } from '../core/detection/types'
import { settingsSchema } from '../core/experiment/replay/experiment-schema'
import { experimentModelSettings } from '../core/experiment/replay/experiment-settings'
import { UsageError } from './usage-error'

const { inputSize, ...others } = settingsSchema.entries.model.entries
const schemas = {
  inputSize: v.pipe(inputSize, v.multipleOf(32, 'is not a multiple of 32')),
  ...others,
}
const names = v.picklist(Object.keys(schemas) as (keyof ModelSettings)[])

/**
 * Model settings to differ in, each written as NAME=VALUE.
 * @throws UsageError when there is no such setting, or it cannot have that value
 */
export function parseModelSettings(texts: readonly string[]): Partial<ModelSettings> {
  return Object.fromEntries(texts.map(parseModelSetting))
}

function parseModelSetting(text: string): [string, number | string] {
  const at = text.indexOf('=')
  const name = v.safeParse(names, text.slice(0, Math.max(0, at)))
  if (!name.success)
    throw new UsageError(
      `--set is '${text}'; write NAME=VALUE, where NAME must be one of ${names.options.join(', ')}.`,
    )
  const schema = schemas[name.output]
  const value = text.slice(at + 1)
  // Number('') is 0.
  const given = 'options' in schema || value.trim() === '' ? value : Number(value)
  const parsed = v.safeParse(schema, given)
  if (parsed.success) return [name.output, parsed.output]
  const [issue] = parsed.issues
  const example = experimentModelSettings[name.output]
  const fault =
    'options' in schema
      ? `must be one of ${schema.options.join(', ')}`
      : `${issue.kind === 'schema' ? 'is not a number' : issue.message}: write it like ${name.output}=${example}`
  throw new UsageError(`--set is '${text}'; ${name.output} ${fault}.`)
}
