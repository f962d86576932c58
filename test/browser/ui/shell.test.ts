import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { Activity } from '../../../src/app/state/activity.svelte'
import type { ImageId } from '../../../src/core/dataset/types'
import type { ImportReport } from '../../../src/app/state/import-report'
import ProgressBar from '../../../src/ui/controls/ProgressBar.svelte'
import ImportReportPanel from '../../../src/ui/data/ImportReportPanel.svelte'
import { Device } from '../../../src/ui/shell/device.svelte'
import Fatal from '../../../src/ui/shell/Fatal.svelte'
import Header from '../../../src/ui/shell/Header.svelte'
import { Theme } from '../../../src/ui/shell/theme.svelte'
import { accessibilityProblems, dispose, makeWorkspace, show } from './harness'

afterEach(async () => {
  await dispose()
  new Theme().choose('system')
})

describe('header', () => {
  it('renames the open project and leads back to all projects', async () => {
    const { workspace, services } = await makeWorkspace()
    const session = await workspace.createProject('Cows')
    show(Header, { workspace, theme: new Theme(), device: new Device() })
    await page.getByRole('button', { name: 'Project name: Cows. Rename' }).click()
    await userEvent.keyboard('Goats{Enter}')
    await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Goats')
    expect((await services.storage.getProject(session.project.id))?.name).toBe('Goats')
    expect(await accessibilityProblems()).toEqual([])
    await page.getByRole('button', { name: 'Margin: all projects' }).click()
    await expect.poll(() => workspace.session).toBeUndefined()
  })

  it('shows the backend, its speed, every probe, and why one cannot be used', async () => {
    const { workspace } = await makeWorkspace()
    workspace.engine.info = {
      backend: 'wasm',
      probes: [
        { name: 'webgpu', gflops: undefined, deviation: undefined, problem: 'no adapter' },
        { name: 'wasm', gflops: 12.34, deviation: 2.4e-7, problem: undefined },
        { name: 'cpu', gflops: 0.96, deviation: 0, problem: undefined },
      ],
    }
    workspace.engine.state = 'ready'
    show(Header, { workspace, theme: new Theme(), device: new Device() })
    const badge = page.getByRole('button', { name: 'Compute engine: WASM 12 GFLOP/s' })
    await badge.click()
    const rows = page.getByRole('dialog').getByRole('row')
    await expect.element(rows.nth(1)).toHaveTextContent(/WebGPU\s*no adapter/)
    await expect.element(rows.nth(2)).toHaveTextContent(/WASM · in use\s*12\s*2e-7/)
    await expect.element(rows.nth(3)).toHaveTextContent(/CPU\s*1\.0\s*0/)
    expect(await accessibilityProblems()).toEqual([])
  })

  it('keeps the backend while work is under way', async () => {
    const { workspace } = await makeWorkspace()
    const session = await workspace.createProject('Cows')
    session.activity = new Activity('train', 'Training')
    show(Header, { workspace, theme: new Theme(), device: new Device() })
    await page.getByRole('button', { name: /Compute engine/ }).click()
    await expect.element(page.getByLabelText('Use', { exact: true })).toBeDisabled()
  })

  it('shows the feature cache, empties it, and sets its size at once', async () => {
    const { workspace, services } = await makeWorkspace()
    const session = await workspace.createProject('Cows')
    const { id } = session.project
    const { storage } = services
    const put = (name: string) => storage.putFeatures(id, name as ImageId, new Int8Array(1_000_000))
    await put('a')
    await put('b')
    show(Header, { workspace, theme: new Theme(), device: new Device() })
    await page.getByRole('button', { name: 'Storage and offline use' }).click()
    const panel = page.getByRole('region', { name: 'Feature cache' })
    await expect.element(panel).toHaveTextContent('2.0 MB of 2.0 GB used by 2 images.')
    expect(await accessibilityProblems()).toEqual([])

    const size = panel.getByLabelText('Largest size')
    await size.fill('1')
    await userEvent.keyboard('{Enter}')
    await expect.element(panel).toHaveTextContent('1.0 MB of 1.0 MB used by 1 image')
    expect(await storage.featureUsage()).toEqual({ bytes: 1e6, images: 1, budgetBytes: 1e6 })
    expect(await storage.listCachedImages(id)).toEqual(new Set(['b']))

    await panel.getByRole('button', { name: 'Clear' }).click()
    await expect.element(panel).toHaveTextContent('0 B of 1.0 MB used by 0 images')
    await expect.element(panel.getByRole('button', { name: 'Clear' })).toBeDisabled()

    await size.fill('0')
    await userEvent.keyboard('{Enter}')
    await expect.element(panel).toHaveTextContent('Off: images are embedded whenever')
    await put('c')
    expect((await storage.featureUsage()).images).toBe(0)
  })

  it('keeps the chosen theme on this machine', async () => {
    const { workspace } = await makeWorkspace()
    show(Header, { workspace, theme: new Theme(), device: new Device() })
    await page.getByRole('button', { name: 'Theme' }).click()
    await page.getByRole('menuitem', { name: 'Dark' }).click()
    await expect.poll(() => document.documentElement.dataset.theme).toBe('dark')
    expect(new Theme().choice).toBe('dark')
    expect(getComputedStyle(document.body).backgroundColor).toBe('rgb(19, 20, 24)')
    expect(await accessibilityProblems()).toEqual([])
  })
})

describe('messages of long work', () => {
  it('shows count and time left, and stops once', async () => {
    const activity = new Activity('import', 'Importing images')
    activity.enter('Reading images', 364)
    activity.advance(91, 364, 65)
    show(ProgressBar, { activity })
    await expect.element(page.getByText(/91 of 364\s*· 1 min 05 s left/)).toBeVisible()
    const bar = page.getByRole('progressbar', { name: 'Importing images' })
    await expect.element(bar).toHaveAttribute('aria-valuenow', '25')
    // Said in tens, so that a screen reader is not flooded.
    await expect.element(page.getByRole('status')).toHaveTextContent('Reading images: 20 %')
    expect(await accessibilityProblems()).toEqual([])
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect(activity.signal.aborted).toBe(true)
    await expect.element(page.getByRole('button', { name: 'Cancel' })).toBeDisabled()
  })

  it('stays readable and quick with a thousand failed files', async () => {
    const report: ImportReport = {
      imported: 3,
      attached: 0,
      duplicates: [],
      failures: Array.from({ length: 1000 }, (_, index) => ({
        path: `folder/broken-${index}.jpg`,
        message: 'It is not an image, whatever its name says.',
      })),
      warnings: [],
      boxes: 0,
      boxesAs: 'none',
      cancelled: true,
    }
    const target = show(ImportReportPanel, { report, ondismiss: () => undefined })
    await expect.element(page.getByText('Import stopped')).toBeVisible()
    await page.getByText('1,000 files could not be imported').click()
    await expect.element(page.getByText('folder/broken-0.jpg')).toBeVisible()
    expect(target.querySelectorAll('[role=listitem]').length).toBeLessThan(50)
    expect(await accessibilityProblems()).toEqual([])
  })

  it('says what to do when the address is not secure', async () => {
    const reason = 'insecure' as const
    show(Fatal, { message: 'This page was opened over plain http.', reason })
    await expect.element(page.getByRole('alert')).toHaveTextContent('plain http')
    await expect.element(page.getByText('with https:// in front')).toBeVisible()
    expect(await accessibilityProblems()).toEqual([])
  })

  it('says what to do when storage cannot be opened', async () => {
    const target = show(Fatal, { message: 'Another tab holds an older version.' })
    expect(target.querySelector('[role=alert]')?.textContent).toBe(
      'Another tab holds an older version.',
    )
    await expect.element(page.getByRole('button', { name: 'Try again' })).toBeVisible()
    expect(await accessibilityProblems()).toEqual([])
  })
})
