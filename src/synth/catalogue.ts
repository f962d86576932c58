import type { Packaging } from './scene-types'

/** A product the demo's detector learns. */
export interface Product {
  readonly name: string
  /** Colour of its boxes in the interface. */
  readonly color: string
  /** Rare products are placed in about one image of twenty-two; the others are shelf fillers. */
  readonly rare: boolean
  readonly packaging: Packaging
}

/**
 * The eight products, in category order. Milk and oat drink share a carton, tomato soup and red
 * beans a can, each pair in nearly the same colours: only the print tells them apart, so a detector
 * has to learn it.
 */
export const products: readonly Product[] = [
  {
    name: 'milk',
    color: '#1c7ed6',
    rare: false,
    packaging: {
      brand: 'ALMA',
      shape: 'carton',
      width: 7.2,
      height: 22.5,
      body: '#f3f6fa',
      label: '#2459b8',
      ink: '#ffffff',
      cap: '#2b5fc0',
      motif: 'mountain',
    },
  },
  {
    name: 'oat drink',
    color: '#0c8599',
    rare: false,
    packaging: {
      brand: 'HAVRE',
      shape: 'carton',
      width: 7.2,
      height: 22.5,
      body: '#f2efe4',
      label: '#2f6fb4',
      ink: '#fff3d0',
      cap: '#e8e2cf',
      motif: 'grain',
    },
  },
  {
    name: 'tomato soup',
    color: '#e03131',
    rare: false,
    packaging: {
      brand: 'POMO',
      shape: 'can',
      width: 7.6,
      height: 11,
      body: '#f6f1e6',
      label: '#c4232b',
      ink: '#fff6e8',
      cap: '#c9cdd2',
      motif: 'tomato',
    },
  },
  {
    name: 'red beans',
    color: '#a61e4d',
    rare: false,
    packaging: {
      brand: 'RIO',
      shape: 'can',
      width: 7.6,
      height: 11,
      body: '#f1e4c8',
      label: '#a51f33',
      ink: '#f6e3c0',
      cap: '#c9cdd2',
      motif: 'beans',
    },
  },
  {
    name: 'orange juice',
    color: '#f76707',
    rare: false,
    packaging: {
      brand: 'SOLA',
      shape: 'bottle',
      width: 8,
      height: 25,
      body: '#f59a1b',
      label: '#1f8a4c',
      ink: '#ffffff',
      cap: '#1d7f45',
      motif: 'citrus',
    },
  },
  {
    name: 'honey',
    color: '#f59f00',
    rare: true,
    packaging: {
      brand: 'APIS',
      shape: 'jar',
      width: 8,
      height: 10.6,
      body: '#c97a12',
      label: '#fff2bf',
      ink: '#5b3305',
      cap: '#e8b52a',
      motif: 'comb',
    },
  },
  {
    name: 'coffee',
    color: '#7048e8',
    rare: true,
    packaging: {
      brand: 'NERO',
      shape: 'pouch',
      width: 9.4,
      height: 16.5,
      body: '#2a2022',
      label: '#c9974d',
      ink: '#21170f',
      cap: '#4a3a35',
      motif: 'cup',
    },
  },
  {
    name: 'mustard',
    color: '#66a80f',
    rare: true,
    packaging: {
      brand: 'SENAP',
      shape: 'tube',
      width: 6,
      height: 15.5,
      body: '#f4cc1f',
      label: '#14623a',
      ink: '#fff7cf',
      cap: '#14623a',
      motif: 'blossom',
    },
  },
]

function variant(base: Packaging, changes: Partial<Packaging>): Packaging {
  return { ...base, ...changes }
}

const carton: Packaging = products[0].packaging
const can: Packaging = products[2].packaging
const bottle: Packaging = products[4].packaging
const jar: Packaging = products[5].packaging
const pouch: Packaging = products[6].packaging
const tube: Packaging = products[7].packaging

/** Products that belong to no category, many in the same package as one that does. */
export const distractors: readonly Packaging[] = [
  variant(carton, { brand: 'VITA', label: '#3b9144', cap: '#3b9144', motif: 'leaf' }),
  variant(carton, {
    brand: 'ROSA',
    body: '#fbeef2',
    label: '#c9497f',
    cap: '#c9497f',
    motif: 'berry',
  }),
  variant(carton, {
    brand: 'KAKAO',
    body: '#5b3b2a',
    label: '#e9d3b0',
    ink: '#4a2c1d',
    cap: '#e9d3b0',
    motif: 'cup',
  }),
  variant(can, { brand: 'ERBA', body: '#eef3e2', label: '#2e7d43', motif: 'leaf' }),
  variant(can, { brand: 'MAIS', body: '#f0c52b', label: '#1d6b43', ink: '#fff6cc', motif: 'star' }),
  variant(can, { brand: 'MARE', body: '#1d4f86', label: '#e8eef4', ink: '#1d4f86', motif: 'fish' }),
  variant(bottle, {
    brand: 'FONTE',
    body: '#9cc9e2',
    label: '#1e66b0',
    cap: '#1e66b0',
    motif: 'wave',
  }),
  variant(bottle, {
    brand: 'CASSIS',
    body: '#5d2140',
    label: '#f0dbe6',
    ink: '#5d2140',
    cap: '#e9e9e9',
    motif: 'berry',
  }),
  variant(bottle, {
    brand: 'MELA',
    body: '#c9a43a',
    label: '#a8231f',
    ink: '#fff3d6',
    cap: '#a8231f',
    motif: 'leaf',
  }),
  variant(jar, {
    brand: 'FRUTTI',
    body: '#8f1d2c',
    label: '#ffffff',
    ink: '#8f1d2c',
    cap: '#d8d4cc',
    motif: 'berry',
  }),
  variant(jar, {
    brand: 'KURK',
    body: '#7d8a34',
    label: '#f4f7e6',
    ink: '#2f5a25',
    cap: '#2f6b35',
    motif: 'leaf',
  }),
  variant(pouch, {
    brand: 'RISO',
    body: '#e9e4d6',
    label: '#c23c2e',
    ink: '#fff3df',
    cap: '#c23c2e',
    motif: 'grain',
  }),
  variant(pouch, {
    brand: 'CHIP',
    body: '#d8472b',
    label: '#f6d04a',
    ink: '#7d1d12',
    cap: '#b03520',
    motif: 'star',
  }),
  variant(pouch, {
    brand: 'TEA',
    body: '#24543c',
    label: '#dfe8c9',
    ink: '#1d4630',
    cap: '#1a3f2d',
    motif: 'leaf',
  }),
  variant(tube, {
    brand: 'TOMA',
    body: '#c22a26',
    label: '#f6ead2',
    ink: '#a01d1b',
    cap: '#f1ede6',
    motif: 'tomato',
  }),
  variant(tube, {
    brand: 'MAYO',
    body: '#eef1f4',
    label: '#2b64b5',
    cap: '#2b64b5',
    motif: 'wave',
  }),
  {
    brand: 'CROSTO',
    shape: 'box',
    width: 17,
    height: 26,
    body: '#e7a21f',
    label: '#b5281e',
    ink: '#fff4d8',
    cap: '#d08d12',
    motif: 'star',
  },
  {
    brand: 'FLAKES',
    shape: 'box',
    width: 17,
    height: 26,
    body: '#2f74b8',
    label: '#f6f2e7',
    ink: '#245d96',
    cap: '#235b93',
    motif: 'grain',
  },
  {
    brand: 'PASTA',
    shape: 'box',
    width: 9.5,
    height: 18,
    body: '#24487f',
    label: '#e8d39a',
    ink: '#24487f',
    cap: '#1b3866',
    motif: 'grain',
  },
  {
    brand: 'SALE',
    shape: 'box',
    width: 7,
    height: 12,
    body: '#efece3',
    label: '#31598f',
    ink: '#ffffff',
    cap: '#d9d4c6',
    motif: 'wave',
  },
  {
    brand: 'BISCO',
    shape: 'box',
    width: 13,
    height: 15,
    body: '#b8342c',
    label: '#f8e7c2',
    ink: '#93241d',
    cap: '#94261f',
    motif: 'star',
  },
]
