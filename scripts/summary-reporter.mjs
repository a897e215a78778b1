// Jest reporter: what was skipped and why, then the counts in one plain line, which is always the
// last one. A test file that could not even load counts as one failed test.
// EXPECTATION_NO_SKIP=1 makes every skipped test a failure of the run.
// EXPECTATION_SUMMARY_FILE=path: the result goes to that file instead, and `npm test` prints it.
import { writeFileSync } from 'node:fs'
import path from 'node:path'

/** `tests/support/skip.ts` puts it into the title so. */
const REASON = / \[skipped: (?<reason>[^\]]*)\]/

export function summarize(results, { rootDir, filtered }) {
  const skipped = []
  for (const file of results.testResults) {
    for (const test of file.testResults) {
      if (test.status !== 'pending' && test.status !== 'todo' && test.status !== 'disabled')
        continue
      const reason = REASON.exec(test.fullName)?.groups?.reason
      // `-t` leaves everything else pending: chosen, not skipped.
      if (filtered && reason === undefined) continue
      skipped.push({
        file: path.relative(rootDir, file.testFilePath),
        title: test.fullName.replace(REASON, ''),
        reason: reason ?? (test.status === 'todo' ? 'not written yet' : 'no reason given'),
      })
    }
  }
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped,
  }
}

export function report({ passed, failed, skipped }) {
  const lines = ['']
  if (skipped.length > 0) lines.push('Skipped:')
  for (const { file, title, reason } of skipped) lines.push(`  ${file}: ${title} (${reason})`)
  lines.push(`${passed} passed, ${failed} failed, ${skipped.length} skipped`)
  return lines.join('\n')
}

export default class SummaryReporter {
  #config
  #forbidden = false

  constructor(globalConfig) {
    this.#config = globalConfig
  }

  onRunComplete(_contexts, results) {
    const { rootDir, testNamePattern } = this.#config
    const summary = summarize(results, { rootDir, filtered: Boolean(testNamePattern) })
    this.#forbidden = process.env.EXPECTATION_NO_SKIP === '1' && summary.skipped.length > 0
    if (this.#forbidden) console.error('EXPECTATION_NO_SKIP=1: skipped tests fail this run.')
    const file = process.env.EXPECTATION_SUMMARY_FILE
    if (file) writeFileSync(file, JSON.stringify(summary))
    else console.log(report(summary))
  }

  getLastError() {
    if (this.#forbidden) return new Error('EXPECTATION_NO_SKIP=1 and tests were skipped')
    return undefined
  }
}
