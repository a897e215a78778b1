// Servers that answer 413 from the head and close with the content unread, in three manners, plain and
// TLS, and one that resets without an answer. In a process of their own; tells its ports.
import http from 'node:http'
import https from 'node:https'
import { certificate } from './certificate.mjs'

const manners = {
  close: (_request, response) => response.end('no\n'),
  destroy: (request, response) => response.end('no\n', () => request.socket.destroy()),
  'at once': (request, response) => {
    response.end('no\n')
    request.socket.destroy()
  },
  reset: (request) => request.socket.resetAndDestroy(),
}

const host = process.argv[2] ?? '127.0.0.1'
const ports = {}
for (const [manner, leave] of Object.entries(manners)) {
  const answer = (request, response) => {
    request.on('error', () => undefined)
    if (manner !== 'reset') response.writeHead(413, { 'Content-Length': 3, Connection: 'close' })
    leave(request, response)
  }
  for (const [scheme, server] of [
    ['http', http.createServer(answer)],
    ['https', https.createServer(await certificate(), answer)],
  ]) {
    await new Promise((resolve) => server.listen(0, host, resolve))
    ports[`${scheme} ${manner}`] = `${scheme}://${host}:${server.address().port}/`
  }
}
console.log(JSON.stringify(ports))
process.stdin.resume().on('end', () => process.exit())
