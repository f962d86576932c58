/** Counts the tests in the JSON reports of vitest and Playwright. */

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} skippedNames
 */

/**
 * @param {any} report of vitest's JSON reporter
 * @returns {Counts} a test file that could not be loaded counts as one failed test
 */
function countVitest(report) {
  /** @type {Counts} */
  const counts = { passed: 0, failed: 0, skipped: 0, skippedNames: [] }
  for (const file of report.testResults) {
    let failedHere = 0
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed++
      else if (test.status === 'failed') failedHere++
      else {
        counts.skipped++
        counts.skippedNames.push(test.fullName)
      }
    }
    if (file.status === 'failed' && failedHere === 0) failedHere = 1
    counts.failed += failedHere
  }
  return counts
}

/**
 * @param {any} report of Playwright's JSON reporter
 * @returns {Counts} an error outside of tests (set-up, a file that could not be loaded) counts as one failed test
 */
function countPlaywright(report) {
  const { expected, unexpected, flaky, skipped } = report.stats
  /** @param {any} suite @returns {string[]} */
  const skippedIn = (suite) => [
    ...(suite.specs ?? [])
      .filter((/** @type {any} */ spec) =>
        spec.tests.some((/** @type {any} */ test) => test.status === 'skipped'),
      )
      .map((/** @type {any} */ spec) => spec.title),
    ...(suite.suites ?? []).flatMap(skippedIn),
  ]
  return {
    passed: expected,
    failed: unexpected + flaky + report.errors.length,
    skipped,
    skippedNames: report.suites.flatMap(skippedIn),
  }
}

/**
 * The counts of one check. What ends badly without a failed test, or leaves no report, counts as one failed test, so
 * that a crash can never look like success.
 * @param {{suite?: 'vitest' | 'playwright', ended: boolean, report: any}} result `ended`: with exit code 0;
 *   `report`: the parsed report of a suite, undefined when there is none
 * @returns {Counts}
 */
export function countTests({ suite, ended, report }) {
  if (suite === undefined || report === undefined) {
    const passed = ended && suite === undefined
    return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0, skippedNames: [] }
  }
  const counts = suite === 'vitest' ? countVitest(report) : countPlaywright(report)
  return !ended && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}
