// Bare node:http and node:http2, hand-written as people paste it today, and the same with `attach`.

import http from 'node:http'
import http2 from 'node:http2'
import { attach } from '@expectation/core/node'
import { countContent, GREETING, POLICY, REFUSAL_BODY, readText, tooLarge } from './application.mjs'
import { stay } from './staying.mjs'

function answer(response, status, value, headers = {}) {
  const body = JSON.stringify(value)
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  })
  response.end(body)
}

const NOT_STORED = { 'Cache-Control': 'no-store' }

function refuse(response) {
  answer(response, 413, REFUSAL_BODY, { ...NOT_STORED, Connection: 'close' })
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

/** The same, with refusals that arrive. */
export function handWrittenLingering(lingerMs) {
  return handWritten((socket) => stay(socket, lingerMs))
}

export function attached() {
  return attach(http.createServer(application), POLICY)
}

/** With a check of its own, which holds nothing for whom it lets pass. */
export function checked() {
  return attach(http.createServer(application), { ...POLICY, checks: [() => undefined] })
}

/** With a check that holds a slot and room for each upload, in this process. */
export async function admitted() {
  const { admission } = await import('@expectation/admission')
  const uploads = admission({ slots: 1000, bytes: '8gb' })
  return attach(http.createServer(application), { ...POLICY, checks: [uploads] })
}

/** On HTTP/2 a stream that is refused stands in nobody's way, and Node resets it by itself. */
export function handWrittenStreams(tls) {
  const refuseStream = (response) => answer(response, 413, REFUSAL_BODY, NOT_STORED)
  const listener = (request, response) =>
    tooLarge(request) ? refuseStream(response) : application(request, response)
  const server =
    tls === undefined ? http2.createServer(listener) : http2.createSecureServer(tls, listener)
  server.on('checkContinue', (request, response) => {
    if (tooLarge(request)) return refuseStream(response)
    response.writeContinue()
    application(request, response)
  })
  return server
}

export function attachedStreams() {
  return attach(http2.createServer(application), POLICY)
}
