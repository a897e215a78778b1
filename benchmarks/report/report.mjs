// docs/performance.md, as a whole.

import { FULL } from '../plans.mjs'
import { endToEndSection } from './end-to-end.mjs'
import { scaleSection } from './scale.mjs'
import { nanoseconds, table } from './table.mjs'
import { wasteSection } from './waste.mjs'

export function report(run, { stages, endToEnd, waste, scale }) {
  const sections = [
    heading(run),
    stages && stagesSection(stages),
    endToEnd && endToEndSection(endToEnd, FULL.endToEnd.largeBytes),
    waste && wasteSection(waste),
    scale && scaleSection(scale),
  ]
  return `${sections.filter(Boolean).join('\n\n').trim()}\n`
}

function heading({ date, seconds, machine, system, load, versions }) {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `# Performance

Written by \`pnpm bench\` (or \`npm run bench\`), ${date}, in ${Math.round(seconds)} s: edit the benchmarks, not
this page. Figures are medians, compared side by side within one run, since the same server twice
differs here by several percent; only ratios carry over to other machines. What fell short, and
why: [findings](../benchmarks/FINDINGS.md).

* Machine: ${machine}, ${system}, load average ${load.toFixed(1)} at the end. Server and load generator
  share it.
* Versions: ${named.join(', ')}.`
}

function stagesSection(records) {
  return `## Stages

Median time of each stage by itself. Expecting: content and \`Expect: 100-continue\`; silent: content
without it; empty: neither, where the gate does not even read the head.

${table(
  ['', 'expecting', 'silent', 'empty'],
  records.map(({ title, nanoseconds: { expecting, silent, empty } }) => [
    title,
    nanoseconds(expecting),
    nanoseconds(silent),
    nanoseconds(empty),
  ]),
)}`
}
