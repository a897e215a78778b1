// The report for other people's CI: one suite for each area, a MAY that differs is skipped.

import builder from 'junit-report-builder'
import { byArea, type Report } from '../run/report.js'

export function junitOf(report: Report): string {
  const junit = builder.newBuilder()
  for (const [area, results] of byArea(report.results)) {
    const suite = junit.testSuite().name(`conformance.${area.replaceAll(' ', '-')}`)
    suite.timestamp(report.startedAt)
    for (const { id, level, title, verdict, reason = '', ms } of results) {
      const test = suite
        .testCase()
        .className(id)
        .name(`${level}: ${title}`)
        .time(ms / 1000)
      if (verdict === 'not run' || (verdict === 'fail' && level === 'MAY')) test.skipped()
      else if (verdict === 'fail') test.failure(printable(reason))
    }
  }
  return junit.build()
}

/** XML 1.0 has no control characters. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '�')
}
