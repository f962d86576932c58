/** The worker that draws shelves, away from the page. */
import { serve } from '../rpc/server'
import { renderShelf, shelfScene } from './index'
import type { SynthMethods } from './protocol'

serve<SynthMethods>(
  {
    async shelf({ seed, index }) {
      const scene = shelfScene(seed, index)
      return { blob: await renderShelf(scene), objects: scene.objects }
    },
  },
  self,
)
