import { expect, test } from 'vitest'
import { renderShelf, shelfScene } from '../../../src/synth/index'
import { createSynthClient } from '../../../src/synth/client'

test('the worker draws the same file and boxes as the page', async () => {
  const client = createSynthClient()
  try {
    const { blob, objects } = await client.call('shelf', { seed: 3, index: 9 })
    const scene = shelfScene(3, 9)
    expect(objects).toEqual(scene.objects)
    const here = await renderShelf(scene)
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(
      new Uint8Array(await here.arrayBuffer()),
    )
  } finally {
    client.close()
  }
})
