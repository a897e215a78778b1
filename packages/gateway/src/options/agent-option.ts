// The agent of HTTP/1 upstreams. One that cannot reach what is configured is told where it is written,
// and not by the first request.

import http from 'node:http'
import https from 'node:https'
import { OptionError } from '@expectation/core'
import type { GatewayOptions } from './options.js'

type AgentOption = GatewayOptions['agent']

export interface AgentUse {
  readonly http2: boolean
  /** Origins, or what chooses them. */
  readonly upstreams: readonly string[] | object
}

export function readAgent(value: AgentOption, { http2, upstreams }: AgentUse): AgentOption {
  if (value === undefined) return value
  if (http2) return wrong(value, 'HTTP/2 has sessions, which the gateway keeps; leave it out.')
  if (typeof value === 'function') return value
  if (typeof value !== 'object' || value === null || !('addRequest' in value)) {
    return wrong(
      value,
      'Give an http.Agent or https.Agent, or a function (origin) that returns one.',
    )
  }
  const speaks = protocolOf(value)
  const other =
    speaks !== undefined &&
    Array.isArray(upstreams) &&
    upstreams.find((origin: string) => !origin.startsWith(speaks))
  if (typeof other !== 'string') return value
  return wrong(value, `It connects to ${speaks} only, and upstreams have ${other}.`)
}

/** Of Node's own; agents for proxies reach both, whatever they say. */
function protocolOf(agent: http.Agent): 'http:' | 'https:' | undefined {
  const kind: unknown = Object.getPrototypeOf(agent)
  if (kind === https.Agent.prototype) return 'https:'
  return kind === http.Agent.prototype ? 'http:' : undefined
}

function wrong(received: unknown, remedy: string): never {
  throw new OptionError({ option: 'agent', received, remedy })
}
