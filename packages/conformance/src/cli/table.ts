// The report for people: a table by area, then what failed and why.

import Table from 'cli-table3'
import { type Case, isNamed, LEVELS, type Level } from '../cases/case.js'
import { byArea, countOf, failuresOf, type Report, type Result } from '../run/report.js'

const plain = { head: [], border: [] }

export function verdictTable(report: Report): string {
  const table = new Table({
    head: ['area', ...LEVELS, 'not run'],
    style: plain,
    colAligns: ['left', ...LEVELS.map(() => 'right' as const), 'right'],
  })
  for (const [area, results] of byArea(report.results)) {
    table.push([area, ...LEVELS.map((level) => cell(results, level)), notRun(results)])
  }
  table.push(['all', ...LEVELS.map((level) => cell(report.results, level)), notRun(report.results)])
  return table.toString()
}

/** `passed/run`, or nothing where no case was run. */
export function cell(results: readonly Result[], level: Level): string {
  const { passed, failed } = countOf(results.filter((each) => each.level === level))
  return passed + failed === 0 ? '' : `${passed}/${passed + failed}`
}

function notRun(results: readonly Result[]): string {
  const { notRun: count } = countOf(results)
  return count === 0 ? '' : String(count)
}

export function failureList(report: Report): string {
  return report.results
    .filter((result) => result.verdict !== 'pass')
    .map((result) => {
      const { verdict, level, id, title, cites, reason = '' } = result
      const shown = reason.length > 600 ? `${reason.slice(0, 600)}…` : reason
      if (verdict === 'not run') return `not run  ${id}: ${shown}`
      return `${level === 'MAY' ? 'differs' : 'FAILED '}  ${level} ${id}\n         ${title} (${cites.join('; ')})\n         ${shown}`
    })
    .join('\n')
}

export function verdictLine(report: Report, levels: readonly Level[]): string {
  const { passed, failed, notRun: unrun } = countOf(report.results)
  const counted = failuresOf(report.results, levels).length
  const seconds = (report.ms / 1000).toFixed(1)
  return `${passed} passed, ${failed} failed (${counted} count), ${unrun} not run, ${seconds} s`
}

export function caseList(cases: readonly Case[], only: readonly string[]): string {
  return cases
    .filter((each) => isNamed(each, only))
    .map(
      ({ id, level, title, cites }) => `${level.padEnd(9)} ${id}  ${title} (${cites.join('; ')})`,
    )
    .join('\n')
}
