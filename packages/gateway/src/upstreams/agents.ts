// Connections to HTTP/1 upstreams: one agent for each origin, with bounds. An idle connection on which
// bytes come has nothing to say that anybody asked for: it is closed, so that they are not taken for the
// answer to the next request.

import { Agent, type ClientRequest, type AgentOptions as NodeOptions } from 'node:http'
import { Agent as SecureAgent, type AgentOptions as SecureOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import type { ConnectionOptions } from 'node:tls'

/** Idle connections that are kept for each origin. */
const MOST_FREE = 64

export interface AgentOptions {
  readonly idleTimeoutMs: number
  readonly tls: ConnectionOptions | undefined
}

export function agentFor(origin: string, { idleTimeoutMs, tls }: AgentOptions): Agent {
  const options: NodeOptions = {
    keepAlive: true,
    maxFreeSockets: MOST_FREE,
    scheduling: 'lifo',
  }
  return origin.startsWith('https:')
    ? new SecureUpstreamAgent({ ...options, ...tls }, idleTimeoutMs)
    : new UpstreamAgent(options, idleTimeoutMs)
}

// `keepSocketAlive` and `reuseSocket` are Node's documented places to look at idle sockets.

class UpstreamAgent extends Agent {
  /** Every agent of Node has them; the types know it for `https` only. */
  declare readonly options: NodeOptions

  constructor(
    options: NodeOptions,
    private readonly idleMs: number,
  ) {
    super(options)
  }

  override keepSocketAlive(socket: Duplex): boolean {
    const keep = (): unknown => super.keepSocketAlive(socket)
    return watched(socket, whileIdle(this.options, this.idleMs, keep))
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    socket.off('data', closeUnasked)
    super.reuseSocket(socket, request)
  }
}

class SecureUpstreamAgent extends SecureAgent {
  constructor(
    options: SecureOptions,
    private readonly idleMs: number,
  ) {
    super(options)
  }

  override keepSocketAlive(socket: Duplex): boolean {
    const keep = (): unknown => super.keepSocketAlive(socket)
    return watched(socket, whileIdle(this.options, this.idleMs, keep))
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    socket.off('data', closeUnasked)
    super.reuseSocket(socket, request)
  }
}

/**
 * Node reads `timeout` when a connection becomes idle, and again for every request, which then costs
 * listeners and a timer that nobody needs: a relay has waits of its own.
 */
function whileIdle(options: NodeOptions, ms: number, keep: () => unknown): unknown {
  options.timeout = ms
  try {
    return keep()
  } finally {
    options.timeout = 0
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
