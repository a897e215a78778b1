// Writes docs/conformance.md: every system of harnesses/systems.mjs, by area and level.
// node scripts/measure.mjs [system …] prints one or some of them and writes nothing.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { startSystem, systems } from '../harnesses/systems.mjs'

const require = createRequire(import.meta.url)
const { cases, readRoutes, run } = require('../dist/index.js')
const { byArea, countOf } = require('../dist/run/report.js')

const ROUNDS = 3
const LEVELS = ['MUST', 'SHOULD', 'hardening', 'MAY']
const wanted = process.argv.slice(2)
const names = wanted.length > 0 ? wanted : Object.keys(systems)

/** Some servers race with themselves: what most rounds saw is what counts. */
function majority(rounds) {
  const results = rounds[0].results.map((first, at) => {
    const passes = rounds.filter(({ results }) => results[at].verdict === 'pass').length
    if (first.verdict === 'not run') return first
    return { ...first, verdict: passes * 2 > rounds.length ? 'pass' : 'fail' }
  })
  return { ...rounds[0], results }
}

async function measure(name) {
  const system = systems[name]
  try {
    const running = await startSystem(name)
    try {
      const rounds = []
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.push(await run({ url: running.url, routes: readRoutes(system.routes) }))
      }
      console.error(`${system.title}: ${rounds.map(({ ms }) => ms).join(', ')} ms`)
      return { system, report: majority(rounds), version: system.version() }
    } finally {
      await running.stop()
    }
  } catch (error) {
    console.error(`${system.title}: not measured (${error.message.split('\n')[0]})`)
    return { system, missing: true }
  }
}

const share = (results) => {
  const { passed, failed } = countOf(results)
  return passed + failed === 0 ? '–' : `${passed}/${passed + failed}`
}
const row = (cells) => `| ${cells.join(' | ')} |`
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

const measured = []
for (const name of names) measured.push(await measure(name))
const there = measured.filter(({ missing }) => !missing)

const levels = table(
  ['system', 'version', ...LEVELS, 'not run'],
  there.map(({ system, version, report }) => [
    system.title,
    version,
    ...LEVELS.map((level) => share(report.results.filter((each) => each.level === level))),
    countOf(report.results).notRun,
  ]),
)
const areas = [
  ...new Set(cases.filter(({ protocol }) => protocol !== 'h2').map(({ area }) => area)),
]
const counted = (results) => results.filter(({ level }) => level !== 'MAY')
const byAreas = table(
  ['system', ...areas],
  there.map(({ system, report }) => {
    const found = new Map(byArea(counted(report.results)))
    return [system.title, ...areas.map((area) => share(found.get(area) ?? []))]
  }),
)
const failures = there.flatMap(({ system, report }) => {
  const ids = report.results
    .filter(({ verdict, level }) => verdict === 'fail' && (level === 'MUST' || level === 'SHOULD'))
    .map(({ id, level }) => `\`${id}\`${level === 'MUST' ? '' : ' (SHOULD)'}`)
  return ids.length === 0 ? [] : [`- **${system.title}**: ${ids.join(', ')}`]
})

const text = `<!-- Written by packages/conformance/scripts/measure.mjs; change that, not this. -->

# How servers answer

What the cases of [\`@expectation/conformance\`](../packages/conformance/README.md) see over raw
connections, on loopback, with Node ${process.versions.node}. Cells are passed/run; of ${ROUNDS} rounds the majority counts.

${levels}

A \`MAY\` counts against nobody; it shows what a server chose. \`hardening\` is asked for by no RFC but
by public bugs and attacks, and most servers never promised it. Cases whose role a system does not
play are not run.

MUST, SHOULD and hardening together, by area:

${byAreas}

## What differs from a MUST or a SHOULD

${failures.length === 0 ? 'Nothing.' : failures.join('\n')}

## How they are run

As their documentation shows them, in [harnesses](../packages/conformance/harnesses). Gateways (nginx,
Apache, lighttpd, HAProxy, Caddy) answer refusals by themselves and pass the rest to the Go program,
so that what they add to an application's answers is seen. Versions are those of Debian and npm on the
machine that measured. To measure again:

\`\`\`sh
apt-get install golang-go nginx apache2 lighttpd haproxy caddy uvicorn   # those you want
npm run build
node packages/conformance/scripts/measure.mjs
\`\`\`
`

if (wanted.length > 0) console.log(text)
else writeFileSync(new URL('../../../docs/conformance.md', import.meta.url), text)
process.exit()
