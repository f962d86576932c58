import { describe, expect, it } from 'vitest'
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  roughDuration,
  withMinusSigns,
} from '../../../src/ui/controls/format'
import { movedIndex } from '../../../src/ui/data/grid'

describe('figures in words', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [364_000, '364 kB'],
    [999_600, '1.0 MB'],
    [99_950_000, '100 MB'],
    [5_400_000_000, '5.4 GB'],
  ])('%d bytes are %s', (bytes, words) => expect(formatBytes(bytes)).toBe(words))

  it.each([
    [0.4, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [125, '2 min 05 s'],
    [3600, '1 h 00 min'],
    [7170, '2 h 00 min'],
  ])('%d seconds are %s', (seconds, words) => expect(formatDuration(seconds)).toBe(words))

  it.each([
    [0.4, '10 s'],
    [54.9, '50 s'],
    [55, '1 min'],
    [750, '13 min'],
    [5369, '89 min'],
    [5370, '1.5 h'],
    [36_000, '10 h'],
  ])('an estimate of %d seconds is %s', (seconds, words) =>
    expect(roughDuration(seconds)).toBe(words),
  )

  it('has minus signs, and leaves dashes alone', () => {
    expect(withMinusSigns('-0.025 [-0.031, +0.019]')).toBe('−0.025 [−0.031, +0.019]')
    expect(withMinusSigns('+0.025 [–]')).toBe('+0.025 [–]')
  })

  it.each([
    [59_000, 'just now'],
    [60_000, '1 min ago'],
    [7_200_000, '2 h ago'],
    [86_400_000, 'yesterday'],
    [29 * 86_400_000, '29 days ago'],
  ])('%d ms back is %s', (age, words) => {
    const now = Date.UTC(2030, 4, 20, 12)
    expect(formatAge(now - age, now)).toBe(words)
  })

  it('gives the date of what is older than a month', () => {
    expect(formatAge(Date.UTC(2029, 0, 2, 3), Date.UTC(2030, 0, 1))).toBe('2029-01-02')
  })

  it('counts with the right noun', () => {
    expect(formatCount(1, 'box', 'boxes')).toBe('1 box')
    expect(formatCount(0, 'box', 'boxes')).toBe('0 boxes')
    expect(formatCount(12_345, 'image')).toBe('12,345 images')
  })
})

describe('moving in a grid of 10 tiles in 4 columns', () => {
  it.each([
    ['ArrowRight', 0, 1],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 1, 5],
    ['ArrowDown', 7, 9],
    ['ArrowUp', 6, 2],
    ['PageDown', 0, 9],
    ['Home', 7, 0],
    ['End', 2, 9],
  ])('%s from %d goes to %d', (key, from, to) => expect(movedIndex(key, from, 10, 4)).toBe(to))

  it('leaves other keys alone', () => expect(movedIndex('Enter', 3, 10, 4)).toBeUndefined())
})
