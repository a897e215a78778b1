// One server that refuses with 401 from the head, in the manner that is named. In a process of its own;
// tells its port, and ends with its parent. usage: main.mjs <manner>
import http from 'node:http'
import { errorHandler, expectation, Refusal } from '@expectation/express'
import express from 'express'

const no = (response, headers = {}) => {
  response.writeHead(401, { 'Content-Length': 3, ...headers })
  response.end('no\n')
}

function node(refuse, asked = refuse) {
  const server = http.createServer((request, response) => {
    request.on('error', () => undefined)
    if (request.method === 'GET') response.end('here\n')
    else refuse(request, response)
  })
  return server.on('checkContinue', asked)
}

const manners = {
  ours() {
    const app = express()
    app.use(expectation())
    app.get('/', (_request, response) => response.send('here\n'))
    app.put('/', (_request, _response, next) => next(new Refusal(401)))
    app.use(errorHandler())
    return http.createServer(app)
  },
  express() {
    const app = express()
    app.get('/', (_request, response) => response.send('here\n'))
    app.put('/', (_request, response) => response.status(401).send('no\n'))
    return http.createServer(app)
  },
  // Without a listener of `checkContinue` Node says 100 by itself.
  kept: () => node((_request, response) => no(response)).removeAllListeners('checkContinue'),
  destroys: () =>
    node((request, response) => {
      no(response, { Connection: 'close' })
      response.once('finish', () => request.socket.destroy())
    }).removeAllListeners('checkContinue'),
  declines: () =>
    node(
      (_request, response) => no(response),
      (_request, response) => {
        response.writeHead(417, { 'Content-Length': 0, Connection: 'close' })
        response.end()
      },
    ),
  silent: () => node((request, response) => request.resume().on('end', () => no(response))),
}

const server = manners[process.argv[2]]()
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.resume().on('end', () => process.exit())
