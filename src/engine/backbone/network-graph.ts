/** The graph of a graph model: which parts feature maps depend on, and which can be joined. */
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

/** The operation that `joinHardSwish` puts in: x, factor, offset -> (factor * x) * relu6(x + offset). */
export const hardSwishOp = 'HardSwish'

/** The graph with every hard swish, which takes four nodes, as one node under the name of the last of the four. */
export function joinHardSwish(graph: readonly GraphNode[]): GraphNode[] {
  const byName = new Map(graph.map((node) => [node.name, node]))
  const readers = new Map<string, number>()
  for (const source of graph.flatMap(({ input }) => input.map(sourceOf)))
    readers.set(source, (readers.get(source) ?? 0) + 1)
  /** The node behind an input that is of this operation and has no other reader. */
  const only = (op: string, input: string | undefined): GraphNode | undefined => {
    const node = input === undefined ? undefined : byName.get(sourceOf(input))
    return node?.op === op && readers.get(node.name) === 1 ? node : undefined
  }
  const joined = new Map<string, GraphNode>()
  const gone = new Set<string>()
  for (const node of graph) {
    const [first, second] = node.input
    const scaled = node.op === 'Mul' ? only('Mul', first) : undefined
    const gate = only('Relu6', second)
    const shifted = only('Add', gate?.input[0])
    if (scaled === undefined || gate === undefined || shifted === undefined) continue
    const [factor, x] = scaled.input
    const [shiftedX, offset] = shifted.input
    const areNumbers = [factor, offset].every((name) => byName.get(name)?.op === 'Const')
    if (x !== shiftedX || !areNumbers) continue
    joined.set(node.name, { ...node, op: hardSwishOp, input: [x, factor, offset], attr: {} })
    for (const { name } of [scaled, gate, shifted]) gone.add(name)
  }
  return graph.filter(({ name }) => !gone.has(name)).map((node) => joined.get(node.name) ?? node)
}
