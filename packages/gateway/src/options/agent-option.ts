// The agent of HTTP/1 upstreams. One that cannot reach what is configured is told where it is written,
// and not by the first request.

import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { OptionError } from '@expectation/core'
import { atOnce } from '../at-once.js'
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
  if (!isAgent(value)) {
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

/** @throws OptionError - `agent` as a function gave something else; it throws what the function throws. */
export function agentOf(agent: NonNullable<AgentOption>, origin: string): Agent {
  if (typeof agent !== 'function') return agent
  const given: unknown = atOnce('agent()', agent(origin))
  if (isAgent(given)) return given
  return wrong(given, 'Give an http.Agent or https.Agent for each origin.', 'agent()')
}

function isAgent(value: unknown): value is Agent {
  return typeof value === 'object' && value !== null && 'addRequest' in value
}

/** Of Node's own; agents for proxies reach both, whatever they say. */
function protocolOf(agent: Agent): 'http:' | 'https:' | undefined {
  const kind: unknown = Object.getPrototypeOf(agent)
  if (kind === SecureAgent.prototype) return 'https:'
  return kind === Agent.prototype ? 'http:' : undefined
}

function wrong(value: unknown, remedy: string, option = 'agent'): never {
  throw new OptionError({ option, received: shown(value), remedy })
}

/** The insides of an agent, with its sockets and certificates, say nothing to anybody. */
function shown(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { name } = value.constructor ?? {}
  return name === 'Object' ? value : `[${name ?? 'object'}]`
}
