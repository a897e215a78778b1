// 10,000 refusals in a row leave no socket, no timer, no listener behind, and the heap flat. The same
// measurement is then shown to notice: four applications that leak on purpose fail it.
import { keepConsoleErrors } from '../support/console.js'
import { runChild } from '../support/run-child.js'
import { soakScript } from '../support/soak-script.js'

keepConsoleErrors()

interface Soak {
  readonly refusals: number
  readonly delivered: number
  readonly connections: number
  /** Kinds of resources that are there after and were not before, with how many. */
  readonly resources: Readonly<Record<string, number>>
  /** Listeners of the server and of the process that were not there before. */
  readonly listeners: number
  readonly heapGrowth: number
}

async function soak(refusals: number, leak: string): Promise<Soak> {
  const end = await runChild(soakScript, {
    flags: ['--expose-gc'],
    env: { REFUSALS: String(refusals), LEAK: leak },
    withinMs: 110_000,
  })
  expect({ code: end.code, output: end.code === 0 ? '' : end.output }).toEqual({
    code: 0,
    output: '',
  })
  return end.report() as Soak
}

/** Far above the noise of a collected heap, far below anything kept for each refusal. */
const HEAP_BYTES_PER_REFUSAL = 200

function faults(seen: Soak): string[] {
  const found: string[] = []
  if (seen.delivered !== seen.refusals) found.push(`delivered ${seen.delivered}`)
  if (seen.connections > 0) found.push(`${seen.connections} connections`)
  for (const [kind, count] of Object.entries(seen.resources)) found.push(`${count} ${kind}`)
  if (seen.listeners > 0) found.push(`${seen.listeners} listeners`)
  if (seen.heapGrowth > seen.refusals * HEAP_BYTES_PER_REFUSAL) {
    found.push(`heap grew by ${seen.heapGrowth} bytes`)
  }
  return found
}

test('10,000 refusals leave nothing behind', async () => {
  expect(faults(await soak(10_000, 'nothing'))).toEqual([])
}, 120_000)

const leaks: Readonly<Record<string, RegExp>> = {
  references: /heap grew/,
  timers: /Timeout/,
  listeners: /listeners/,
  sockets: /connections/,
}
for (const [leak, shown] of Object.entries(leaks)) {
  test(`the measurement notices an application that leaks ${leak}`, async () => {
    expect(faults(await soak(600, leak)).join('; ')).toMatch(shown)
  }, 60_000)
}
