// The gateway: refuses by itself what nobody behind it would take, asks the services for the rest, and
// reads from a client when one of them has said yes.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { attach } from '@expectation/core/node'
import { gateway } from '@expectation/gateway'
import { tellBytes } from './tell-bytes.mjs'

const { port } = JSON.parse(process.env.INGRESS)
const tell = (message) => process.connected && process.send(message)

// A service that is started again has another port.
let upstreams = []
process.on('message', (message) => {
  upstreams = message.upstreams
})

const relay = gateway({
  upstreams: () => upstreams,
  // A service's verdict has the storage's in it, and this machine may be busy.
  continueTimeoutMs: 10_000,
  // Under load a late verdict is no reason to send: the client comes again, with nothing lost.
  onSilence: 'refuse',
  onRelay: ({ path, status, attempts, contentBytes }) => {
    const tried = attempts.map(({ verdict, status: said }) => String(said ?? verdict))
    tell({ relay: { path, status, tried, contentBytes } })
  },
})
const server = attach(createServer(relay), {
  maxContentLength: '50mb',
  onOutcome: ({ target: path, status, reason, receivedBytes, avoidedBytes }) =>
    tell({ outcome: { path, status, reason, receivedBytes, avoidedBytes } }),
})
server.listen(port, '127.0.0.1')
await once(server, 'listening')
tell({ port: server.address().port })
tellBytes(server, (bytes) => tell({ bytes }))

function leave() {
  server.close(() => process.exit(0))
  server.closeIdleConnections()
  setTimeout(() => process.exit(0), 1000).unref()
}
process.once('SIGTERM', leave)
process.once('disconnect', leave)
process.on('SIGINT', () => {})
