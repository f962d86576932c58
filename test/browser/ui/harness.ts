import axe from 'axe-core'
import { type Component, flushSync, mount, unmount } from 'svelte'
import { page } from 'vitest/browser'
import { Workspace } from '../../../src/app/workspace.svelte'
import type { Services } from '../../../src/app/state/services'
import { openStorage } from '../../../src/storage/open'
import '../../../src/ui/styles/base.css'
import { servicesOn } from '../services'

const cleanups: (() => unknown)[] = []

/** A workspace on a real, empty database and a real media worker; call `dispose` after each test. */
export async function makeWorkspace(
  changes: Partial<Services> = {},
): Promise<{ workspace: Workspace; services: Services }> {
  await page.viewport(1280, 800)
  const name = `ui-${crypto.randomUUID()}`
  const storage = await openStorage(name)
  const services = servicesOn(storage, changes)
  const workspace = new Workspace(services)
  await workspace.start()
  cleanups.push(async () => {
    await workspace.closeProject()
    services.media.close()
    services.engine.close()
    storage.close()
    indexedDB.deleteDatabase(name)
  })
  return { workspace, services }
}

/** Mounts a component into the page, unless said otherwise as wide as a laptop's notebook column. */
export function show<Props extends Record<string, unknown>>(
  component: Component<Props>,
  props: Props,
  maxWidth = '900px',
): HTMLElement {
  const target = document.createElement('div')
  target.style.maxWidth = maxWidth
  document.body.append(target)
  const mounted = mount(component, { target, props })
  flushSync()
  cleanups.unshift(async () => {
    await unmount(mounted)
    target.remove()
  })
  return target
}

/** Takes down what the test put up, components first. */
export async function dispose(): Promise<void> {
  for (const cleanup of cleanups.splice(0)) await cleanup()
}

/**
 * What axe finds wrong with the page, as 'rule: element' lines. The rules about the whole document are left
 * to the end-to-end tests: here only a part of the page is mounted.
 */
export async function accessibilityProblems(): Promise<string[]> {
  const { violations } = await axe.run(document, {
    rules: {
      region: { enabled: false },
      'landmark-one-main': { enabled: false },
      'page-has-heading-one': { enabled: false },
    },
  })
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
  )
}

/** A PNG of one flat colour: every colour another file, byte for byte. */
export async function imageFile(name: string, hue: number): Promise<File> {
  const canvas = new OffscreenCanvas(64, 48)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser has no 2D canvas.')
  context.fillStyle = `hsl(${hue} 60% 50%)`
  context.fillRect(0, 0, 64, 48)
  return new File([await canvas.convertToBlob()], name, { type: 'image/png' })
}

/** Gives files to one of the two file inputs of the data cell, as choosing them does. */
export function choose(target: HTMLElement, files: readonly File[]): void {
  const input = target.querySelector<HTMLInputElement>('[data-import=files]')
  if (input === null) throw new Error('The page has no input for files.')
  const transfer = new DataTransfer()
  for (const file of files) transfer.items.add(file)
  input.files = transfer.files
  input.dispatchEvent(new Event('change', { bubbles: true }))
}
