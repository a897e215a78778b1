// `npm run no-harm:differential`: the same connections to every server without the library and with
// it. Flags: kit/command.mjs.
import { readCommand } from '../kit/command.mjs'
import { writeFigures } from '../kit/figures.mjs'
import { figuresOf, tellAll } from '../kit/tell.mjs'
import { prove } from './prove.mjs'

const command = readCommand(process.argv.slice(2), {
  exchanges: 1000,
  modes: ['attached', 'gated'],
})
const { integrations, modes, ...rest } = command
const failures = []
for (const mode of modes) {
  const results = await Promise.all(
    integrations.map((integration) => prove({ what: { integration, mode, faults: [] }, ...rest })),
  )
  failures.push(...tellAll('differential', results))
  if (command.write)
    writeFigures('differential', results.map(figuresOf), ['node', 'server', 'mode'])
}
process.exitCode = failures.length > 0 ? 1 : 0
