// `npm run no-harm:differential`: the same connections without the library and with it.
import { writeScenario } from '../kit/bytes.mjs'
import { prove } from './prove.mjs'

const flags = Object.fromEntries(process.argv.slice(2).map((a) => a.replace(/^--/, '').split('=')))
const seed = Number(flags.seed ?? 20261127)
const exchanges = Number(flags.exchanges ?? 1000)
const integrations = (flags.only ?? 'bare,express,koa,fastify').split(',')
const modes = (flags.modes ?? 'attached,gated').split(',')
const avoid = flags.avoid ? new RegExp(flags.avoid) : undefined
let failed = false
for (const mode of modes) {
  const results = await Promise.all(
    integrations.map((integration) =>
      prove({
        what: { integration, mode, faults: flags.faults?.split(',') ?? [] },
        seed,
        exchanges,
        from: Number(flags.from ?? 0),
        avoid,
        shrinking: flags.shrink !== 'no',
        doors: flags.doors?.split(','),
        only: flags.kind && new RegExp(flags.kind),
      }),
    ),
  )
  for (const { what, played, seconds, kinds, used } of results) {
    console.log(
      `\n## ${what.integration} ${what.mode}: ${played} exchanges in ${seconds.toFixed(1)} s (${(played / seconds).toFixed(0)}/s) ${JSON.stringify([...used])}`,
    )
    for (const kind of kinds) {
      failed ||= kind.confirmed
      if (!kind.confirmed && flags.all === undefined) continue
      console.log(
        `* ${kind.confirmed ? '' : '(not confirmed) '}${kind.difference.n ?? ''} ${kind.name} [${kind.times} times, first after ${kind.after}]`,
      )
      if (kind.confirmed)
        console.log(
          `      ${JSON.stringify(writeScenario(kind.scenario)).slice(0, Number(flags.width ?? 1200))}`,
        )
    }
  }
}
process.exitCode = failed ? 1 : 0
