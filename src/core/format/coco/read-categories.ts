import * as v from 'valibot'
import type { ProblemCollector } from '../problem'
import { categorySchema } from './schema'
import type { CocoCategory } from './types'

export interface ReadCategories {
  readonly categories: readonly CocoCategory[]
  /** Id as text -> index into `categories`. */
  readonly indexById: ReadonlyMap<string, number>
}

function readName(name: unknown): string | undefined {
  if (typeof name === 'number') return String(name)
  return typeof name === 'string' && name.trim() !== '' ? name : undefined
}

/** Categories of one name are one category: classes are told apart by name everywhere else. */
export function readCategories(
  records: readonly unknown[],
  problems: ProblemCollector,
): ReadCategories {
  const categories: CocoCategory[] = []
  const indexById = new Map<string, number>()
  const indexByName = new Map<string, number>()
  records.forEach((record, position) => {
    const parsed = v.safeParse(categorySchema, record)
    if (!parsed.success) {
      problems.add('error', 'category', `at position ${position}`, 'no usable id; left out.')
      return
    }
    const { id } = parsed.output
    const key = String(id)
    const given = readName(parsed.output.name)
    const name = given ?? `category ${key}`
    if (given === undefined)
      problems.add('warning', 'category', key, 'no name; named after the id.')
    const known = indexById.get(key)
    if (known !== undefined) {
      if (categories[known]?.name === name) {
        problems.add('warning', 'category', key, 'listed twice; used once.')
      } else {
        problems.add(
          'error',
          'category',
          key,
          'same id as another category; left out, the first one is used.',
        )
      }
      return
    }
    const sameName = indexByName.get(name)
    if (sameName !== undefined) {
      problems.add('warning', 'category', key, 'same name as another category; joined with it.')
      indexById.set(key, sameName)
      return
    }
    indexById.set(key, categories.length)
    indexByName.set(name, categories.length)
    categories.push({ id, name })
  })
  return { categories, indexById }
}
