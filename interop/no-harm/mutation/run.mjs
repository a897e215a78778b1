// `npm run no-harm:mutation`: real exchanges, mutated byte by byte, against every server.
import { writeScenario } from '../kit/bytes.mjs'
import { prove } from './prove.mjs'

const flags = Object.fromEntries(process.argv.slice(2).map((a) => a.replace(/^--/, '').split('=')))
const seed = Number(flags.seed ?? 20261127)
const exchanges = Number(flags.exchanges ?? 2000)
const integrations = (flags.only ?? 'bare,express,koa,fastify').split(',')
const faults = flags.faults ? flags.faults.split(',') : []
const mode = flags.mode ?? 'gated'
const avoid = flags.avoid ? new RegExp(flags.avoid) : undefined

const results = await Promise.all(
  integrations.map((integration) =>
    prove({
      what: { integration, mode, faults },
      seed,
      exchanges,
      from: Number(flags.from ?? 0),
      shrinking: flags.shrink !== 'no',
      avoid,
      mostCrashes: Number(flags.crashes ?? 3),
    }),
  ),
)
for (const { what, played, seconds, kinds, memory } of results) {
  console.log(
    `\n## ${what.integration} ${what.mode}: ${played} exchanges in ${seconds.toFixed(1)} s (${(played / seconds).toFixed(0)}/s)`,
    JSON.stringify(memory),
  )
  for (const kind of kinds) {
    console.log(
      `* ${kind.confirmed ? '' : `(not confirmed, plain too: ${kind.plainToo} of ${kind.scenarios.length}) `}${kind.found} [${kind.times} times, first after ${kind.after}]`,
    )
    console.log(
      `      ${kind.confirmed ? JSON.stringify(writeScenario(kind.scenario)).slice(0, 1500) : kind.scenarios.map(({ index }) => index)}`,
    )
  }
}
process.exitCode = results.some(({ kinds }) => kinds.some(({ confirmed }) => confirmed)) ? 1 : 0
