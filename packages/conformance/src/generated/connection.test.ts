// What is told of a connection that ends too early: whose fault it is, by request and rule.
import net, { type AddressInfo } from 'node:net'
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

test('law 11: interim responses without an end are a fault, and no endless wait', async () => {
  const server = net.createServer((socket) => {
    const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 1)
    socket.on('error', () => undefined)
    socket.resume().on('close', () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    const address = readAddress(`http://127.0.0.1:${port}`)
    const template = createTemplate(address, modelRoutes, 'g-test')
    await expect(Connection.perform(address, template, twice)).rejects.toThrow(
      /^more than 16 interim responses/,
    )
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
})
