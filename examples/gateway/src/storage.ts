// An upstream: takes files for whoever has the token, and says that it is busy when it was told to be.
// What it refuses it refuses from the head, so nothing is sent in vain.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { attach } from '@expectation/core/node'

export interface StorageOptions {
  readonly name: string
  readonly token: string
  readonly isBusy: () => boolean
  readonly log: (line: string) => void
}

export function createStorage({ name, token, isBusy, log }: StorageOptions): Server {
  function answer(request: IncomingMessage, response: ServerResponse, status: number): void {
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    request.on('end', () => {
      log(`${name}: ${request.method} ${request.url} ${status}, ${bytes} bytes of content`)
      response.writeHead(status, { 'X-Storage': name, 'Content-Type': 'text/plain' })
      response.end(`${bytes} bytes are with ${name}\n`)
    })
  }

  function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
    log(`${name}: ${request.method} ${request.url} ${status}, no content`)
    const fields = status === 401 ? { 'WWW-Authenticate': 'Bearer' } : { 'Retry-After': '1' }
    response.writeHead(status, { ...fields, 'X-Storage': name }).end()
  }

  return attach(
    createServer((request, response) => {
      if (request.headers.authorization !== `Bearer ${token}`) refuse(request, response, 401)
      else if (isBusy()) refuse(request, response, 503)
      else answer(request, response, 201)
    }),
    {},
  )
}
