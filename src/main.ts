/** The composition root: builds the parts, mounts the app. */
import { mount } from 'svelte'
import { createIdSource } from './app/state/new-id'
import type { Services } from './app/state/services'
import { Workspace } from './app/workspace.svelte'
import type { Brand } from './core/dataset/types'
import { createEngineClient } from './engine/client'
import { createMediaClient } from './media/client'
import { registerServiceWorker } from './offline/register'
import { openStorage } from './storage/open'
import type { MarginStorage } from './storage/database/types'
import App from './ui/App.svelte'
import Fatal from './ui/shell/Fatal.svelte'
import './ui/styles/base.css'

async function main(target: Element): Promise<void> {
  // Hashing files, locking a project to one tab and opening without a network all need it.
  if (!isSecureContext) {
    const message = `This page was opened over plain http (${location.origin}), where browsers withhold what Margin needs.`
    mount(Fatal, { target, props: { message, reason: 'insecure' } })
    return
  }
  let storage: MarginStorage
  try {
    storage = await openStorage()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    mount(Fatal, { target, props: { message } })
    return
  }
  // A worker that dies takes the engine with it; the next use measures the backends anew.
  const engine = createEngineClient(() => workspace.engine.reset())
  const newId = createIdSource(
    () => Date.now(),
    (bytes) => crypto.getRandomValues(bytes),
  )
  const services: Services = {
    storage,
    engine,
    media: createMediaClient(),
    now: () => Date.now(),
    newId: <T extends Brand<string, string>>() => newId() as T,
  }
  const workspace = new Workspace(services)
  storage.onVersionChange(() => workspace.storageClosed())
  mount(App, { target, props: { workspace } })
  void registerServiceWorker({
    onUpdate: (apply) =>
      workspace.notices.add('info', 'A new version of Margin is ready.', {
        label: 'Reload',
        run: apply,
      }),
    onFailure: (message) => workspace.notices.add('warning', message),
  })
  await workspace.start()
}

const target = document.querySelector('#app')
if (target === null) throw new Error('index.html has no element #app to mount the page in.')
void main(target)
