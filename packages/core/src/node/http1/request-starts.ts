// Which response belongs to a request that Node drops: `dropRequest` tells the request only, and a
// pipelined one is not on its socket yet. Node publishes both just before, in the same turn.

import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'

interface Start {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

let watching = false
let last: Start | undefined

export function watchStarts(): void {
  if (watching) return
  watching = true
  subscribe('http.server.request.start', (message) => {
    last = message as Start
  })
}

export function responseTo(request: IncomingMessage): ServerResponse | undefined {
  return last?.request === request ? last.response : undefined
}
