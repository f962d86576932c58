import { describe, expect, it } from 'vitest'
import { countTests } from '../../../.config/test-report.mjs'

const vitestFile = (status: string, tests: string[]): object => ({
  status,
  assertionResults: tests.map((each, index) => ({ status: each, fullName: `test ${index}` })),
})

const playwrightReport = (stats: object, errors: object[] = []): object => ({
  stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats },
  errors,
  suites: [{ specs: [], suites: [{ specs: [{ title: 'gpu', tests: [{ status: 'skipped' }] }] }] }],
})

describe('countTests', () => {
  it('counts a static check as one test', () => {
    expect(countTests({ ended: true, report: undefined })).toMatchObject({ passed: 1, failed: 0 })
    expect(countTests({ ended: false, report: undefined })).toMatchObject({ passed: 0, failed: 1 })
  })

  it('sums the files of a vitest report', () => {
    const report = {
      testResults: [
        vitestFile('passed', ['passed', 'passed', 'skipped', 'todo']),
        vitestFile('failed', ['failed', 'passed']),
      ],
    }
    expect(countTests({ suite: 'vitest', ended: false, report })).toEqual({
      passed: 3,
      failed: 1,
      skipped: 2,
      skippedNames: ['test 2', 'test 3'],
    })
  })

  it('counts a vitest file that could not be loaded as one failed test', () => {
    const report = { testResults: [vitestFile('failed', [])] }
    expect(countTests({ suite: 'vitest', ended: false, report })).toMatchObject({ failed: 1 })
  })

  it('counts an unhandled error after passing tests as one failed test', () => {
    const report = { testResults: [vitestFile('passed', ['passed'])] }
    expect(countTests({ suite: 'vitest', ended: false, report })).toMatchObject({
      passed: 1,
      failed: 1,
    })
  })

  it('counts a suite without a report as one failed test, whatever its exit code', () => {
    expect(countTests({ suite: 'vitest', ended: true, report: undefined })).toMatchObject({
      passed: 0,
      failed: 1,
    })
  })

  it('counts flaky tests and errors outside of tests in a Playwright report as failed', () => {
    const report = playwrightReport({ expected: 4, unexpected: 1, flaky: 1, skipped: 1 }, [{}])
    expect(countTests({ suite: 'playwright', ended: false, report })).toEqual({
      passed: 4,
      failed: 3,
      skipped: 1,
      skippedNames: ['gpu'],
    })
  })
})
