import { baldStrategy } from './strategies/bald'
import { consistencyStrategy } from './strategies/consistency'
import { coreSetStrategy } from './strategies/core-set'
import { enmsStrategy } from './strategies/enms'
import { entropyStrategy } from './strategies/entropy'
import { marginDefaultStrategy } from './strategies/margin-default'
import { marginStrategy } from './strategies/margin'
import { palStrategy } from './strategies/pal'
import { ppalStrategy } from './strategies/ppal'
import { presenceRandomStrategy } from './strategies/presence-random'
import { randomStrategy } from './strategies/random'
import { typiclustStrategy } from './strategies/typiclust'
import { uherdingStrategy } from './strategies/uherding'
import type { QueryStrategy } from './types'

/** Every strategy, in the order the interface offers them. A new one is one file and one line here. */
export const strategies: readonly QueryStrategy[] = [
  marginDefaultStrategy,
  entropyStrategy,
  marginStrategy,
  baldStrategy,
  consistencyStrategy,
  enmsStrategy,
  ppalStrategy,
  palStrategy,
  uherdingStrategy,
  coreSetStrategy,
  typiclustStrategy,
  presenceRandomStrategy,
  randomStrategy,
]

/** @throws Error when there is no such strategy. */
export function strategyById(id: string): QueryStrategy {
  const strategy = strategies.find((candidate) => candidate.id === id)
  if (strategy === undefined) {
    const known = strategies.map((candidate) => candidate.id).join(', ')
    throw new Error(`There is no query strategy '${id}'; choose one of: ${known}.`)
  }
  return strategy
}
