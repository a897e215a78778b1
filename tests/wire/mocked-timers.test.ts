// Law 0: tests of an application replace timers while its server runs. Plain Node answers all the same, so
// an attached server does: chunked content, an expectation, requests in one segment, an early answer.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { RawClient } from '../support/raw-client.js'
import { chunks, head } from '../support/request.js'
import { runChild } from '../support/run-child.js'
import { serve } from '../support/server.js'

const script = `
import http from 'node:http'
import net from 'node:net'
import { mock } from 'node:test'
import { attach } from '@expectation/core/node'

const chunked = 'POST /a HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nhi\\r\\n0\\r\\n\\r\\n'
const sized = 'POST /b HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 2\\r\\n\\r\\nhi'
const asking = sized.replace('Host', 'Expect: 100-continue\\r\\nHost')
const inputs = { chunked, asking, pipelined: sized + sized + chunked + sized, early: chunked.replace('/a', '/early') }

const listener = (request, response) => {
  if (request.url === '/early') response.writeHead(401).end()
  else request.resume().on('end', () => Promise.resolve().then(() => response.end()))
}

async function answers(server, bytes, wanted) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { setTimeout: wait } = globalThis
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate'] })
  const socket = net.connect(server.address().port, '127.0.0.1')
  let seen = ''
  const count = () => (seen.match(/HTTP\\/1\\.1 [2-5]/g) ?? []).length
  await new Promise((resolve) => {
    socket.on('data', (bytes) => { seen += bytes; if (count() === wanted) resolve() })
    socket.write(bytes)
    wait(resolve, 3000)
  })
  mock.timers.reset()
  socket.destroy()
  server.close()
  return count()
}

async function main() {
const report = {}
const wirings = { plain: (server) => server, attached: (server) => attach(server), gated: (server) => attach(server, {}) }
for (const [wiring, tie] of Object.entries(wirings)) {
  for (const [name, bytes] of Object.entries(inputs)) {
    const wanted = name === 'pipelined' ? 4 : 1
    report[wiring + ' ' + name] = await answers(tie(http.createServer(listener)), bytes, wanted)
  }
}
console.log(JSON.stringify(report))
process.exit()
}
main()
`

const wanted = Object.fromEntries(
  ['plain', 'attached', 'gated'].flatMap((wiring) => [
    [`${wiring} chunked`, 1],
    [`${wiring} asking`, 1],
    [`${wiring} pipelined`, 4],
    [`${wiring} early`, 1],
  ]),
)

test('mock.timers of node:test hold up no answer', async () => {
  const end = await runChild(script, { withinMs: 15_000 })
  expect(end.report()).toEqual(wanted)
})

test.each([
  ['attached', undefined],
  ['gated', {}],
])('the fake timers of Jest, nextTick among them, hold up no answer: %s', async (_how, options) => {
  const server = attach(
    http.createServer((_request, response) => response.writeHead(401).end()),
    options,
  )
  const running = await serve(server)
  jest.useFakeTimers()
  try {
    const client = await RawClient.connect(running)
    const content = `${head({ chunked: true })}${chunks('hi')}`
    client.send(`${head({ length: 2 })}hi${content}${head({ length: 2 })}hi`)
    for (let answers = 0; answers < 3; answers += 1) {
      expect((await client.final()).status).toBe(401)
    }
    client.destroy()
  } finally {
    jest.useRealTimers()
  }
})

test('a clock that stands still does not keep a connection that the application has left', async () => {
  const running = await serve(attach(http.createServer((request) => request.destroy())))
  const clock = jest.spyOn(performance, 'now').mockReturnValue(1)
  try {
    const client = await RawClient.connect(running)
    client.send(`${head({ length: 2 })}h`)
    expect(await client.over()).toBe('')
  } finally {
    clock.mockRestore()
  }
})
