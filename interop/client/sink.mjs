// A server in a process of its own that reads everything and answers, for measuring clients.
import http from 'node:http'

const server = http.createServer(take)
server.on('checkContinue', (request, response) => {
  response.writeContinue()
  take(request, response)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit())

function take(request, response) {
  request.resume()
  request.on('end', () => {
    response.setHeader('Content-Length', 2)
    response.end('ok')
  })
}
