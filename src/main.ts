import { mount } from 'svelte'
import { Workspace } from './app/workspace.svelte'
import type { Services } from './app/services'
import type { Brand } from './core/dataset/types'
import { createEngineClient } from './engine/client'
import { createMediaClient } from './media/client'
import { registerServiceWorker } from './offline/register'
import { openStorage } from './storage/open'
import App from './ui/App.svelte'
import './ui/styles/base.css'

async function main(): Promise<void> {
  const target = document.querySelector('#app')
  if (target === null) throw new Error('The page has no #app element.')
  const services: Services = {
    storage: await openStorage(),
    engine: createEngineClient(),
    media: createMediaClient(),
    now: () => Date.now(),
    newId: <T extends Brand<string, string>>() => crypto.randomUUID() as T,
  }
  const workspace = new Workspace(services)
  mount(App, { target, props: { workspace } })
  await workspace.start()
}

void main()
