// For the rules about proxies that no row of docs/doctor.md shows: a proxy of Node that does it.
import http, {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { doctorBehind, type Report } from '@expectation/doctor'
import { serve } from '../support/server.js'

type Own = (
  request: IncomingMessage,
  response: ServerResponse,
  proxy: http.Server,
) => (() => void) | undefined

interface Rest {
  /** The fields that the origin gets; without any the proxy refuses by itself. */
  readonly passed?: (request: IncomingMessage) => IncomingHttpHeaders | undefined
  /** As Node does for every server that does not listen for `checkContinue`. */
  readonly answers100?: boolean
}

const whole = ({ headers }: IncomingMessage): IncomingHttpHeaders => headers

/** Relays everything, and does what is its own in the place of an answer of the origin. */
async function examine(
  own: Own,
  { passed = whole, answers100 = true }: Rest = {},
): Promise<Report> {
  const holder = await serve(http.createServer())
  const { port: origin } = holder
  await new Promise((resolve) => holder.server.close(resolve))
  const relay = (request: IncomingMessage, response: ServerResponse): void => {
    request.on('error', () => undefined)
    const instead = own(request, response, proxy)
    const { method, url: path } = request
    const headers = passed(request)
    if (headers === undefined) {
      response.writeHead(413, { Connection: 'close' }).end()
      return
    }
    const onward = http.request({ port: origin, host: '127.0.0.1', method, path, headers })
    onward.on('error', () => response.destroy())
    onward.on('response', (answer) => {
      if (instead !== undefined) {
        answer.resume()
        instead()
        return
      }
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, connection: 'close' })
      answer.pipe(response)
    })
    request.pipe(onward)
  }
  const proxy = http.createServer(relay)
  if (!answers100) proxy.on('checkContinue', relay)
  const { url } = await serve(proxy)
  return doctorBehind(url, { origin, timeoutMs: 1_500 })
}

const ends =
  (name: string) =>
  ({ url = '' }: IncomingMessage) =>
    url.endsWith(`/${name}`)
const cuts =
  (name: string): Own =>
  (request) =>
    ends(name)(request) ? () => request.socket.destroy() : undefined

const nothing: Own = () => undefined

/** Every upload, whatever its origin answers. */
const fails: Own = ({ method }, response) =>
  method === 'PUT' ? () => response.writeHead(502, { Connection: 'close' }).end() : undefined

export const behindProofs: Readonly<Record<string, () => Promise<Report>>> = {
  B105: () => {
    const passed = ({ headers: { expect: _, ...others } }: IncomingMessage) => others
    return examine(nothing, { passed, answers100: false })
  },
  B106: () =>
    examine(nothing, {
      passed: ({ method, headers }) => (method === 'PUT' ? undefined : headers),
    }),
  B201: () => examine(cuts('refused')),
  B301: () => examine(cuts('unasked')),
  'B205 B304 B402': () => examine(fails),
  B602: () => examine(cuts('quiet')),
  B801: () => examine(cuts('midway')),
  B901: () => examine(cuts('rude')),
  B1101: () =>
    examine((request, _response, proxy) => {
      if (ends('early')(request)) proxy.close()
      return undefined
    }),
  B802: () =>
    examine((request, response) => {
      if (!ends('midway')(request)) return undefined
      return () => response.writeHead(502, { Connection: 'close' }).end()
    }),
  B1001: () => {
    let refused = false
    return examine((request, response) => {
      if (ends('kept')(request)) refused = true
      if (!refused || request.method !== 'GET') return undefined
      return () => response.writeHead(500).end()
    })
  },
}
