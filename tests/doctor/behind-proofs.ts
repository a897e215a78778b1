// For the rules about proxies that no row of docs/doctor.md shows: a proxy of Node that does it.
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { doctorBehind, type Report } from '@expectation/doctor'
import { serve } from '../support/server.js'

type Own = (request: IncomingMessage, response: ServerResponse, proxy: http.Server) => boolean

/** Relays everything but what is its own, for which it returns true. */
async function examine(own: Own): Promise<Report> {
  const holder = await serve(http.createServer())
  const { port: origin } = holder
  await new Promise((resolve) => holder.server.close(resolve))
  const relay = (request: IncomingMessage, response: ServerResponse): void => {
    request.on('error', () => undefined)
    if (own(request, response, proxy)) return
    const { method, url: path, headers } = request
    const onward = http.request({ port: origin, host: '127.0.0.1', method, path, headers })
    onward.on('error', () => response.destroy())
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, connection: 'close' })
      answer.pipe(response)
    })
    request.pipe(onward)
  }
  const proxy = http.createServer(relay)
  const { url } = await serve(proxy)
  return doctorBehind(url, { origin, timeoutMs: 1_500 })
}

const ends =
  (name: string) =>
  ({ url = '' }: IncomingMessage) =>
    url.endsWith(`/${name}`)
const cuts =
  (name: string): Own =>
  (request) => {
    if (!ends(name)(request)) return false
    request.socket.destroy()
    return true
  }

export const behindProofs: Readonly<Record<string, () => Promise<Report>>> = {
  B201: () => examine(cuts('refused')),
  B301: () => examine(cuts('unasked')),
  B801: () => examine(cuts('midway')),
  B901: () => examine(cuts('rude')),
  B1101: () =>
    examine((request, _response, proxy) => {
      if (ends('early')(request)) proxy.close()
      return false
    }),
  B802: () =>
    examine((request, response) => {
      if (!ends('midway')(request)) return false
      response.writeHead(502, { Connection: 'close' }).end()
      return true
    }),
  B1001: () => {
    let refused = false
    return examine((request, response) => {
      if (ends('kept')(request)) refused = true
      if (!refused || request.method !== 'GET') return false
      response.writeHead(500).end()
      return true
    })
  },
}
