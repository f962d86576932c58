/** Which parts of a graph model the feature maps depend on. */
import * as v from 'valibot'

export const graphNodeSchema = v.looseObject({
  name: v.string(),
  op: v.string(),
  input: v.optional(v.array(v.string()), () => []),
  attr: v.optional(v.record(v.string(), v.unknown())),
})

export type GraphNode = v.InferOutput<typeof graphNodeSchema>

/** What stands behind some nodes of a graph. */
export interface Dependencies {
  /** Constants that the nodes depend on. */
  readonly constants: ReadonlySet<string>
  /** Where the first part of the graph hands over to the second; with nothing else known, the nodes can be computed. */
  readonly cut: readonly string[]
}

/**
 * Constants behind the given nodes, and the nodes outside the graph's second part that it reads, or that are asked for
 * themselves, in the order of the graph.
 * @param isSecond whether a node belongs to the second part
 * @throws Error when a node is missing
 */
export function dependenciesOf(
  graph: readonly GraphNode[],
  nodes: readonly string[],
  isSecond: (name: string) => boolean,
): Dependencies {
  const byName = new Map(graph.map((node) => [node.name, node]))
  const seen = new Set<string>()
  const constants = new Set<string>()
  const cut = new Set(nodes.filter((name) => !isSecond(name)))
  const waiting = [...nodes]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    const node = byName.get(name)
    if (node === undefined)
      throw new Error(`The backbone has no node '${name}'; its file is of another version.`)
    if (node.op === 'Const') constants.add(name)
    for (const input of node.input) {
      const source = sourceOf(input)
      waiting.push(source)
      const isConstant = byName.get(source)?.op === 'Const'
      if (node.op !== 'Const' && isSecond(name) && !isSecond(source) && !isConstant) cut.add(source)
    }
  }
  return { constants, cut: graph.map(({ name }) => name).filter((name) => cut.has(name)) }
}

/** The node's name in an input such as `^name` or `name:0`. */
function sourceOf(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '')
}
