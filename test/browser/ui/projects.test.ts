import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import Notices from '../../../src/ui/shell/Notices.svelte'
import ProjectsPage from '../../../src/ui/projects/ProjectsPage.svelte'
import { accessibilityProblems, dispose, makeWorkspace, show } from './harness'

afterEach(dispose)

describe('projects', () => {
  it('says on the first visit what this is, where data stays, and offers two ways in', async () => {
    const { workspace } = await makeWorkspace()
    const target = show(ProjectsPage, { workspace })
    expect(target.textContent).toContain('Data stays on this machine')
    await expect.element(page.getByRole('button', { name: 'Play the demo' })).toBeVisible()
    await page.getByRole('button', { name: 'New project' }).click()
    const name = page.getByLabelText('Name')
    await expect.element(name).toHaveFocus()
    expect(await accessibilityProblems()).toEqual([])
    await name.fill('  Cows  ')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => workspace.session?.project.name).toBe('Cows')
  })

  it('renames in place; Escape takes it back', async () => {
    const { workspace } = await makeWorkspace()
    await workspace.createProject('Cows')
    await workspace.closeProject()
    show(ProjectsPage, { workspace })
    const rename = async (keys: string): Promise<void> => {
      await page.getByRole('button', { name: 'Actions for Cows' }).click()
      await page.getByRole('menuitem', { name: 'Rename' }).click()
      await expect.element(page.getByLabelText('Project name')).toHaveFocus()
      await userEvent.keyboard(keys)
    }
    await rename('Sheep{Escape}')
    await expect.element(page.getByRole('button', { name: 'Cows', exact: true })).toBeVisible()
    expect(workspace.projects[0]?.project.name).toBe('Cows')
    await rename('Goats{Enter}')
    await expect.poll(() => workspace.projects[0]?.project.name).toBe('Goats')
    expect(await accessibilityProblems()).toEqual([])
  })

  it('deletes after a question, and brings back on Undo', async () => {
    const { workspace, services } = await makeWorkspace()
    const { project } = await workspace.createProject('Cows')
    await workspace.closeProject()
    show(ProjectsPage, { workspace })
    show(Notices, { notices: workspace.notices })
    await page.getByRole('button', { name: 'Actions for Cows' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Delete project' }).click()
    await expect.element(page.getByText('Deleted “Cows”')).toBeVisible()
    expect(workspace.projects).toEqual([])
    expect((await services.storage.listProjects())[0]?.deletedAt).toBeTypeOf('number')

    await page.getByRole('button', { name: 'Undo' }).click()
    await expect
      .poll(() => workspace.projects.map((summary) => summary.project.id))
      .toEqual([project.id])
    expect(workspace.notices.items).toEqual([])
  })

  it('keeps errors until they are dismissed, and announces them', async () => {
    const { workspace } = await makeWorkspace()
    const target = show(Notices, { notices: workspace.notices })
    // The live region is there before its first message.
    expect(target.querySelector('[aria-live=polite]')).not.toBeNull()
    workspace.notices.report(new Error('<b>The disk is full.</b>'), 'Saving')
    await expect
      .element(page.getByRole('alert'))
      .toHaveTextContent('Saving: <b>The disk is full.</b>')
    expect(await accessibilityProblems()).toEqual([])
    await page.getByRole('button', { name: 'Dismiss' }).click()
    expect(workspace.notices.items).toEqual([])
  })
})
