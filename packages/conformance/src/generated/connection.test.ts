// What is told of a connection that ends too early: whose fault it is, by request and rule.
import { mutants } from '../broken/mutants.js'
import { modelRoutes } from '../broken/roles.js'
import { startModel } from '../broken/server.js'
import { createTemplate } from '../run/template.js'
import { readAddress } from '../wire/address.js'
import { Connection } from './connection.js'
import type { Plan } from './plan.js'

const request: Plan['requests'][number] = {
  to: 'reads',
  version: '1.1',
  expect: [],
  framing: 'length',
  parts: [5],
  smuggles: false,
  waits: false,
  cuts: [],
  gapMs: 0,
}
const twice: Plan = {
  requests: [request, request],
  pipelined: false,
  abort: 'none',
  stubborn: false,
}

async function perform(mutant: string, plan: Plan): Promise<void> {
  const model = await startModel(mutants[mutant])
  try {
    const address = readAddress(model.url)
    await Connection.perform(address, createTemplate(address, modelRoutes, 'g-test'), plan)
  } finally {
    await model.close()
  }
}

test('a close that was not said is the fault of the answer before it, not a missing answer', async () => {
  await expect(perform('vanishes-after-answer', twice)).rejects.toThrow(
    /^a close that the answer to request 0 did not announce \(SHOULD, RFC 9112 9\.6\)/,
  )
})

test('a close that was said is none', async () => {
  await expect(perform('closes-always', twice)).resolves.toBeUndefined()
})
