// Which response belongs to a request that Node drops: `dropRequest` tells the request only, and a
// pipelined one is not on its socket yet. Node publishes both just before, in the same turn.
//
// It is left on the request itself: a variable would keep the last request of the process.

import { type Channel, channel, subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

/** Node's channel: a request has begun, and nobody has seen it yet. */
export const STARTED = 'http.server.request.start'

const RESPONSE = Symbol.for('@expectation/core.response')

type Marked = IncomingMessage & { [RESPONSE]?: ServerResponse }

interface Start {
  readonly request: Marked
  readonly response: ServerResponse
  readonly server: Server
}

const WATCHED = Symbol.for('@expectation/core.responses')

/** Watched once for all copies of the library in this process: see ./request-starts.ts. */
export function watchStarts(): void {
  const marked: Channel & { [WATCHED]?: true } = channel(STARTED)
  if (marked[WATCHED]) return
  marked[WATCHED] = true
  subscribe(STARTED, (message) => {
    const { request, response, server } = message as Start
    // No other server drops requests.
    if (server.maxRequestsPerSocket) request[RESPONSE] = response
  })
}

export function responseTo(request: Marked): ServerResponse | undefined {
  return request[RESPONSE]
}
