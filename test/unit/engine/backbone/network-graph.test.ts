import { expect, it } from 'vitest'
import { joinHardSwish, type GraphNode } from '../../../../src/engine/backbone/network-graph'

function node(name: string, op: string, ...input: string[]): GraphNode {
  return { name, op, input, attr: {} }
}

/** (c * x) * relu6(x + d), as the network's file has it. */
const swish = [
  node('x', 'Placeholder'),
  node('c', 'Const'),
  node('d', 'Const'),
  node('scaled', 'Mul', 'c', 'x'),
  node('shifted', 'Add', 'x', 'd'),
  node('gate', 'Relu6', 'shifted'),
  node('swish', 'Mul', 'scaled', 'gate'),
]

it('joins the four nodes of a hard swish under the name of the last', () => {
  const reader = node('reader', 'Relu', 'swish')
  expect(joinHardSwish([...swish, reader])).toEqual([
    node('x', 'Placeholder'),
    node('c', 'Const'),
    node('d', 'Const'),
    node('swish', 'HardSwish', 'x', 'c', 'd'),
    reader,
  ])
})

it.each([
  ['a part has another reader', [...swish, node('other', 'Relu', 'gate')]],
  [
    'the gate is of something else',
    swish.map((own) => (own.name === 'shifted' ? node('shifted', 'Add', 'd', 'd') : own)),
  ],
  ['the factor is computed', swish.map((own) => (own.name === 'c' ? node('c', 'Relu', 'x') : own))],
])('leaves the graph as it is where %s', (_, graph) => {
  expect(joinHardSwish(graph)).toEqual(graph)
})
