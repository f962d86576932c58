import { describe, expect, it } from 'vitest'
import { cocoClasses, findCocoClass } from '../../../src/core/detection/coco-classes'

const nameOf = (name: string): string | undefined => {
  const index = findCocoClass(name)
  return index === undefined ? undefined : cocoClasses[index]
}

describe('cocoClasses', () => {
  it('are the 80 of the data set, in its order', () => {
    expect(new Set(cocoClasses).size).toBe(80)
    expect([0, 14, 21, 39, 56, 79].map((index) => cocoClasses[index])).toEqual([
      'person',
      'bird',
      'bear',
      'bottle',
      'chair',
      'toothbrush',
    ])
  })
})

describe('findCocoClass', () => {
  it('finds every class by its own name', () => {
    expect(cocoClasses.map((name) => findCocoClass(name))).toEqual(cocoClasses.map((_, i) => i))
  })

  it.each([
    ['Person', 'person'],
    ['people', 'person'],
    ['COWS', 'cow'],
    ['Traffic_Lights', 'traffic light'],
    ['fire-hydrant', 'fire hydrant'],
    ['pottedplant', 'potted plant'],
    ['buses', 'bus'],
    ['benches', 'bench'],
    ['sandwiches', 'sandwich'],
    ['knives', 'knife'],
    ['wine glasses', 'wine glass'],
    ['teddy bears', 'teddy bear'],
    ['aeroplane', 'airplane'],
    ['motorbikes', 'motorcycle'],
    ['sofa', 'couch'],
    ['tvmonitor', 'tv'],
    ['Mobile Phone', 'cell phone'],
    [' sheep ', 'sheep'],
  ])('reads %s as %s', (given, expected) => {
    expect(nameOf(given)).toBe(expected)
  })

  it.each([
    'card',
    'carton',
    'woman',
    'vehicle',
    'RBC',
    'glass',
    'phone',
    'queen',
    'bears den',
    '',
  ])('does not guess at %s', (given) => {
    expect(findCocoClass(given)).toBeUndefined()
  })
})
