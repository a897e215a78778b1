// Tells the outcome of a proof on the console: what was found, shrunk, as input that reproduces it.
import { writeScenario } from './bytes.mjs'
import { openFault } from './open.mjs'

/** @returns the failures among the results: confirmed, and no open fault. */
export function tellAll(proof, results) {
  return results.flatMap((result) => {
    const { what, played, seconds, kinds, seed } = result
    const rate = (played / seconds).toFixed(0)
    console.log(
      `${what.integration} ${what.mode}: ${played} exchanges in ${seconds.toFixed(0)} s (${rate}/s), seed ${seed}, Node ${process.versions.node}`,
    )
    // A moment of a busy machine, or what Node and the framework do by themselves: told, and no failure.
    for (const { name, times, plainToo, scenarios, seen } of kinds.filter((k) => !k.confirmed)) {
      const why = plainToo > 0 ? 'without the library too' : 'not again when alone'
      console.log(`  ${why}: ${name} [${times} times, first at --from ${scenarios[0].index}]`)
      for (const line of seen ?? []) console.log(`    ${line}`)
    }
    const improvements = [...(result.used ?? [])].sort(([, one], [, two]) => two - one)
    if (improvements.length > 0)
      console.log(`  improvements: ${improvements.map(([id, n]) => `${id} ${n}`).join(', ')}`)
    return kinds.filter((kind) => kind.confirmed && tellKind(proof, what, kind))
  })
}

function tellKind(proof, what, kind) {
  const times = `${kind.times} times, first after ${kind.after} exchanges`
  const open = openFault(proof, kind.name)
  console.log(`  ${open ? 'open fault' : 'FOUND'}: ${kind.found ?? kind.name} [${times}]`)
  console.log(
    `    ${JSON.stringify({ proof, name: kind.name, ...what, scenario: writeScenario(kind.scenario) })}`,
  )
  return open === undefined
}

export const figuresOf = (result) => ({
  node: process.versions.node.split('.')[0],
  server: result.what.integration,
  mode: result.what.mode,
  exchanges: result.played,
  seed: result.seed,
  seconds: Math.round(result.seconds),
  failures: result.kinds.filter(({ confirmed }) => confirmed).length,
})
