// docs/performance.md, as a whole.

import { FULL } from '../plans.mjs'
import { ballastSection } from './ballast.mjs'
import { endToEndSection } from './end-to-end.mjs'
import { familySection } from './family.mjs'
import { heading, picturesOf } from './heading.mjs'
import { instructionsSection } from './instructions.mjs'
import { pipeliningSection } from './pipelining.mjs'
import { scaleSection } from './scale.mjs'
import { count, nanoseconds, table } from './table.mjs'
import { wasteSection } from './waste.mjs'

const SECTIONS = {
  instructions: instructionsSection,
  endToEnd: (records) => endToEndSection(records, FULL.endToEnd.largeBytes),
  pipelining: pipeliningSection,
  ballast: ballastSection,
  waste: wasteSection,
  scale: scaleSection,
  stages: stagesSection,
  family: familySection,
}

/**
 * @param data - `{ [section]: { run, records } }`.
 * @param pictures - What each picture says, by its name.
 */
export function report(data, pictures) {
  const there = Object.entries(SECTIONS).filter(([name]) => data[name] !== undefined)
  const sections = there.map(
    ([name, section]) => `${section(data[name].records)}\n\n${measuredAt(data[name].run)}`,
  )
  return `${[heading(data), ...picturesOf(pictures), ...sections].join('\n\n').trim()}\n`
}

/** Each section has a machine and a minute of its own. */
function measuredAt({ date, seconds, machine, system, load, versions }) {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `<sub>${date}, in ${count(seconds)} s, on ${machine}, ${system}, load average ${load.toFixed(1)} at the end;
${named.join(', ')}.</sub>`
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
