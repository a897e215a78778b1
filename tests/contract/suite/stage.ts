// Where the suite's tests play: one adapter on one transport.
import type { Adapter, Application, Difference, Transport } from './adapter.js'
import { listen } from './servers.js'
import type { Ask, Line, Talk } from './talk.js'
import { http1Line } from './talk-http1.js'
import { type Http2Line, http2Line } from './talk-http2.js'

export interface Running {
  readonly port: number
  /** A connection of its own. */
  line(): Promise<Line>
  /** One request on a connection of its own. */
  ask(request: Ask): Promise<Talk>
}

export interface Stage {
  readonly transport: Transport
  readonly http2: boolean
  /** The framework does not differ here. */
  same(difference: Difference): boolean
  run(application: Application): Promise<Running>
  /** Only on HTTP/2. */
  runHttp2(application: Application): Promise<Http2Line>
}

const SECURE: readonly Transport[] = ['https', 'https-beside-http2', 'http2']

export function isHttp2(transport: Transport): boolean {
  return transport === 'http2' || transport === 'http2-cleartext'
}

export function stageOf(adapter: Adapter, transport: Transport): Stage {
  const secure = SECURE.includes(transport)
  const connect = isHttp2(transport) ? http2Line : http1Line
  const start = async (application: Application): Promise<number> =>
    listen(await adapter.serve(application, transport))
  return {
    transport,
    http2: isHttp2(transport),
    same: (difference) => adapter.differences[difference] === undefined,
    run: async (application) => {
      const port = await start(application)
      return {
        port,
        line: () => connect({ port, secure }),
        ask: async (request) => (await connect({ port, secure })).ask(request),
      }
    },
    runHttp2: async (application) => http2Line({ port: await start(application), secure }),
  }
}
