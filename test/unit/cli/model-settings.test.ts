import { describe, expect, it } from 'vitest'
import { parseModelSettings } from '../../../src/cli/model-settings'

describe('parseModelSettings', () => {
  it('reads numbers and words by their names', () => {
    const texts = ['steps=800', 'learningRate=2e-3', 'inputSize=416', 'depth=full', 'views=0']
    expect(parseModelSettings(texts)).toEqual({
      steps: 800,
      learningRate: 0.002,
      inputSize: 416,
      depth: 'full',
      views: 0,
    })
    expect(parseModelSettings([])).toEqual({})
  })

  const names = 'inputSize, committee, steps, hidden, learningRate, start, depth, views'

  it.each(['stpes=800', 'steps', '=800', 'toString=1'])('names the settings for %j', (text) => {
    const message = `--set is '${text}'; write NAME=VALUE, where NAME must be one of ${names}.`
    expect(() => parseModelSettings(['views=1', text])).toThrow(message)
  })

  it.each([
    ['steps=0', 'steps is below 1: write it like steps=240.'],
    ['committee=2.5', 'committee is not a whole number: write it like committee=5.'],
    ['learningRate=-1', 'learningRate is below 0: write it like learningRate=0.008.'],
    ['steps=1e999', 'steps is not a finite number'],
    ['steps=many', 'steps is not a number'],
    ['views=', 'views is not a number'],
    ['inputSize=100', 'inputSize is not a multiple of 32'],
    ['depth=deep', 'depth must be one of head, decoder, full.'],
    ['start=1', 'start must be one of scratch, warm.'],
  ])('says what is wrong with %j, by the names of option and setting', (text, message) => {
    expect(() => parseModelSettings([text])).toThrow(`--set is '${text}'; ${message}`)
    expect(() => parseModelSettings([text])).toThrow(
      expect.objectContaining({ name: 'UsageError' }) as Error,
    )
  })
})
