// Bare node:http, hand-written as people paste it today, and the same application with `attach`.

import http from 'node:http'
import { attach } from '@expectation/core/node'
import { countContent, GREETING, POLICY, REFUSAL_BODY, readText, tooLarge } from './application.mjs'

const LINGER_MS = 2000

function answer(response, status, value, headers = {}) {
  const body = JSON.stringify(value)
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  })
  response.end(body)
}

function refuse(response) {
  answer(response, 413, REFUSAL_BODY, { 'Cache-Control': 'no-store', Connection: 'close' })
}

function application(request, response) {
  if (request.url === '/') answer(response, 200, GREETING)
  else if (request.url === '/json')
    readText(request, (text) => answer(response, 200, { length: JSON.parse(text).note.length }))
  else if (request.url === '/upload')
    countContent(request, (bytes) => answer(response, 200, { bytes }))
  else answer(response, 404, { error: 'not found' })
}

export function handWritten(prepare = () => {}) {
  const server = http.createServer((request, response) => {
    if (!tooLarge(request)) return application(request, response)
    prepare(request.socket)
    refuse(response)
  })
  server.on('checkContinue', (request, response) => {
    if (tooLarge(request)) {
      prepare(request.socket)
      return refuse(response)
    }
    response.writeContinue()
    application(request, response)
  })
  return server
}

/** The same with the least that makes the refusal arrive: half-close, read on for a while, close. */
export function handWrittenLingering() {
  return handWritten((socket) => {
    socket.destroySoon = () => {
      const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref()
      socket.once('close', () => clearTimeout(timer))
      socket.removeAllListeners('data')
      // Node's own would finish the parser, and make an error of the request that was broken off.
      socket.removeAllListeners('end')
      socket.on('data', () => {})
      socket.once('end', () => socket.destroy())
      socket.end()
      socket.resume()
    }
  })
}

export function attached() {
  return attach(http.createServer(application), POLICY)
}
