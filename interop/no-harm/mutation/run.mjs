// `npm run no-harm:mutation`: real exchanges, mutated byte by byte, against every server with the
// library in force. Flags: kit/command.mjs.
import { readCommand } from '../kit/command.mjs'
import { writeFigures } from '../kit/figures.mjs'
import { figuresOf, tellAll } from '../kit/tell.mjs'
import { prove } from './prove.mjs'

/** What a process may hold more after all of it: code that was compiled on the way, caches. */
const HEAP_GROWTH = 24e6

const command = readCommand(process.argv.slice(2), { exchanges: 1500, modes: ['gated'] })
const { integrations, modes, ...rest } = command
const failures = []
for (const mode of modes) {
  const results = await Promise.all(
    integrations.map((integration) => prove({ what: { integration, mode, faults: [] }, ...rest })),
  )
  failures.push(...tellAll('mutation', results))
  for (const { what, memory } of results) {
    const { before, after } = memory
    if (after === undefined || before === undefined) continue
    const kept = []
    if (after.heap - before.heap > HEAP_GROWTH)
      kept.push(`${after.heap - before.heap} bytes of heap`)
    if (after.timers > before.timers) kept.push(`${after.timers - before.timers} timers`)
    if (kept.length > 0) failures.push(kept)
    for (const each of kept) console.log(`  FOUND: ${what.integration} keeps ${each}`)
  }
  if (command.write) writeFigures('mutation', results.map(figuresOf), ['node', 'server', 'mode'])
}
process.exitCode = failures.length > 0 ? 1 : 0
