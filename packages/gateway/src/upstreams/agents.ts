// Connections to HTTP/1 upstreams: one agent for each origin, with bounds. An idle connection on which
// bytes come has nothing to say that anybody asked for: it is closed, so that they are not taken for the
// answer to the next request.

import http from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import type { ConnectionOptions } from 'node:tls'

/** Idle connections that are kept for each origin. */
const MOST_FREE = 64

export interface AgentOptions {
  readonly idleTimeoutMs: number
  readonly tls: ConnectionOptions | undefined
}

export function agentFor(origin: string, { idleTimeoutMs, tls }: AgentOptions): http.Agent {
  const options: http.AgentOptions = {
    keepAlive: true,
    maxFreeSockets: MOST_FREE,
    scheduling: 'lifo',
    timeout: idleTimeoutMs,
  }
  return origin.startsWith('https:')
    ? new SecureUpstreamAgent({ ...options, ...tls })
    : new UpstreamAgent(options)
}

// `keepSocketAlive` and `reuseSocket` are Node's documented places to look at idle sockets.

class UpstreamAgent extends http.Agent {
  override keepSocketAlive(socket: Duplex): boolean {
    return watched(socket, super.keepSocketAlive(socket))
  }

  override reuseSocket(socket: Duplex, request: http.ClientRequest): void {
    socket.off('data', closeUnasked)
    super.reuseSocket(socket, request)
  }
}

class SecureUpstreamAgent extends https.Agent {
  override keepSocketAlive(socket: Duplex): boolean {
    return watched(socket, super.keepSocketAlive(socket))
  }

  override reuseSocket(socket: Duplex, request: http.ClientRequest): void {
    socket.off('data', closeUnasked)
    super.reuseSocket(socket, request)
  }
}

/** @param kept - What Node's own method says; its types say nothing. */
function watched(socket: Duplex, kept: unknown): boolean {
  if (kept !== true) return false
  socket.on('data', closeUnasked)
  socket.resume()
  return true
}

function closeUnasked(this: Duplex): void {
  this.destroy()
}
