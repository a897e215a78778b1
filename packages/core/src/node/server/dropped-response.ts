// Which response belongs to a request that Node drops: `dropRequest` tells the request only, and a
// pipelined one is not on its socket yet. Node publishes both just before, in the same turn.
//
// It is left on the request itself: a variable would keep the last request of the process.

import { type Channel, channel, subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

const RESPONSE = Symbol.for('@expectation/core.response')

type Carrier = IncomingMessage & { [RESPONSE]?: ServerResponse }

interface Start {
  readonly request: Carrier
  readonly response: ServerResponse
  readonly server: Server
}

const STARTED = 'http.server.request.start'
const WATCHED = Symbol.for('@expectation/core.responses')

/** Watched once for all copies of the library in this process: see ../starts.ts. */
export function watchStarts(): void {
  const carrier: Channel & { [WATCHED]?: true } = channel(STARTED)
  if (carrier[WATCHED]) return
  carrier[WATCHED] = true
  subscribe(STARTED, (message) => {
    const { request, response, server } = message as Start
    // No other server drops requests.
    if (server.maxRequestsPerSocket) request[RESPONSE] = response
  })
}

export function responseTo(request: Carrier): ServerResponse | undefined {
  return request[RESPONSE]
}
