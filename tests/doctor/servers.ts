// The services and the proxies of Node that the doctor is tried on, each as people write it. Those without
// the gate run in a process of their own: where it is loaded, nothing is quite plain.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { errorHandler, expectation } from '@expectation/express'
import { gateway } from '@expectation/gateway'
import express from 'express'
import { startChild } from '../support/child.js'
import { serve } from '../support/server.js'

export interface Listening {
  readonly port: number
}

/** The address that takes uploads, and keeps nothing of them; all others refuse. */
export const ACCEPTS = 'PUT /take'

export async function ours(): Promise<Listening> {
  const app = express()
  app.use(expectation())
  app.put('/take', (request, response) => {
    // Content that is discarded (`resume()`) is not asked for; listening is reading.
    request.on('data', () => undefined)
    request.on('end', () => void response.json({ taken: true }))
  })
  app.use(errorHandler())
  return serve(app)
}

export async function gatewayBefore(port: number): Promise<Listening> {
  const server = http.createServer(gateway({ upstreams: [`http://127.0.0.1:${port}`] }))
  return serve(attach(server, {}))
}

const listens = `
.listen(0, '127.0.0.1', function (this: any) { console.log(this.address().port) })
`

export const expressAlone = (): Promise<Listening> =>
  startChild(`
import express from 'express'
const app = express()
app.put('/take', (request, response) => {
  request.resume()
  request.on('end', () => void response.json({ taken: true }))
})
app${listens}`)

const plain = (refuse: string): string => `
import http from 'node:http'
http.createServer((request, response) => {
  request.on('error', () => undefined)
  if (request.url === '/take') return void request.resume().on('end', () => response.end())
  ${refuse}
})${listens}`

/** Refuses from the head, and leaves the connection to Node. */
export const nodeKept = (): Promise<Listening> =>
  startChild(plain(`response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end('no')`))

/** Refuses from the head, and takes the connection away as soon as that is written. */
export const nodeCloses = (): Promise<Listening> =>
  startChild(
    plain(`response.writeHead(401, { Connection: 'close' })
  response.end('no', () => request.socket.destroy())`),
  )

export const httpProxyBefore = (port: number): Promise<Listening> =>
  startChild(
    `
import http from 'node:http'
import { createProxyServer } from 'http-proxy'
const proxy = createProxyServer({ target: 'http://127.0.0.1:' + process.env.UPSTREAM })
proxy.on('error', (_error: unknown, _request: unknown, response: any) => {
  if (!response.headersSent) response.writeHead(502)
  response.end()
})
http.createServer((request, response) => void proxy.web(request, response))${listens}`,
    { UPSTREAM: String(port) },
  )

export const fastifyProxyBefore = (port: number): Promise<Listening> =>
  startChild(
    `
import Fastify from 'fastify'
import proxy from '@fastify/http-proxy'
const app = Fastify()
async function main() {
  await app.register(proxy, { upstream: 'http://127.0.0.1:' + process.env.UPSTREAM })
  await app.listen({ port: 0, host: '127.0.0.1' })
  console.log((app.server.address() as any).port)
}
void main()`,
    { UPSTREAM: String(port) },
  )
