/** A count of a product list with many classes. */
import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import type { CountCell } from '../../../src/core/notebook/types'
import { dispose } from '../ui/harness'
import { imageId, openProject, putRound } from './harness'

afterEach(dispose)

test('of a thousand classes the most frequent are shown, the rest on demand, and the sum is of all', async () => {
  const { session, showNotebook } = await openProject(2)
  const names = Array.from({ length: 1000 }, (_, index) => `product ${index}`)
  const ids = await session.labels.addCategories(names)
  await putRound(session, 0, [0], 0.4)
  const cell = session.notebook.cells.find((item): item is CountCell => item.kind === 'count')
  if (cell === undefined) throw new Error('The notebook has no count.')
  // Product 500 is counted most, 1.5 times a picture; every other class 0.001 times.
  const counts = ids.map((categoryId, index) => ({
    categoryId,
    count: index === 500 ? 1.5 : 0.001,
    deviation: 0,
  }))
  const totals = counts.map((item) => ({ ...item, count: 2 * item.count }))
  await session.notebook.put({
    ...cell,
    output: {
      threshold: 0.3,
      images: [0, 1].map((order) => ({ imageId: imageId(order), counts })),
      totals,
      fingerprint: 'of another state',
      finishedAt: 500,
    },
  })
  showNotebook()
  const table = page.getByRole('table', { name: 'Objects of each class' })
  const rows = () => table.getByRole('row').elements()
  // A head, 24 classes and the sum.
  expect(rows()).toHaveLength(26)
  expect(rows()[1].textContent).toMatch(/product 500\s*3\.0/)
  expect(rows().at(-1)?.textContent).toMatch(/All\s*5\.0/)
  await page.getByRole('button', { name: /show all 1,000 classes/ }).click()
  expect(rows()).toHaveLength(1002)
  expect(rows()[1].textContent).toMatch(/product 0\s*0\.0/)

  await page.getByText('Each image', { exact: true }).click()
  const perImage = page.getByRole('table', { name: /Objects in each image/ })
  expect(perImage.getByRole('columnheader').elements()).toHaveLength(26)
})
