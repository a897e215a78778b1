// Law 11: a wait whose end throws, as a listener of the answer may, is an exception of the application, and no reason
// for the other requests of the server to wait for ever.
import { runChild } from '../support/run-child.js'

const script = `
import http from 'node:http'
import net from 'node:net'
import { attach } from '@expectation/core/node'

const thrown = []
process.on('uncaughtException', (error) => thrown.push(error.message))
const server = http.createServer((request, response) => {
  request.on('error', () => {}).on('data', () => {})
  if (request.url === '/throws') response.end = () => { throw new Error('end') }
})
attach(server, { contentTimeoutMs: 50 })

function asks(port, target) {
  const socket = net.connect(port, '127.0.0.1').on('error', () => {})
  socket.write('PUT ' + target + ' HTTP/1.1\\r\\nHost: x\\r\\nExpect: 100-continue\\r\\nContent-Length: 5\\r\\n\\r\\n')
  return new Promise((resolve) => {
    let seen = ''
    socket.on('data', (part) => {
      seen += part
      if (seen.includes(' 408 ')) resolve('408')
    })
  })
}

server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address()
  asks(port, '/throws')
  asks(port, '/throws')
  const waits = asks(port, '/waits')
  const first = await waits
  console.log(JSON.stringify({ thrown, first, later: await asks(port, '/waits') }))
  process.exit()
})
`

test('two waits end with an exception, and those behind them with a 408', async () => {
  const end = await runChild(script, { withinMs: 15_000 })
  expect(end.report()).toEqual({ thrown: ['end', 'end'], first: '408', later: '408' })
})
