// The options of a gateway, validated and with every default applied, once. Wrong ones throw here.

import {
  type Logger,
  OptionError,
  type RelayOutcome,
  readBoolean,
  readCallback,
  readChoice,
  readCount,
  readLogger,
  readMilliseconds,
  readSize,
  rejectUnknownNames,
} from '@expectation/core'
import { isToken } from '../fields/syntax.js'
import { unreachable } from '../refusals.js'
import { readAgent } from './agent-option.js'
import { type AskPolicy, readAskOptions } from './ask-options.js'
import type { ChooseUpstreams, GatewayOptions, Rewrite } from './options.js'
import { originOf } from './origin.js'
import { readTls } from './tls-option.js'

export interface GatewayPolicy extends AskPolicy {
  readonly upstreams: readonly string[] | ChooseUpstreams
  readonly retryOn: ReadonlySet<number>
  readonly attempts: number
  readonly retryBudget: number
  readonly onSilence: 'send' | 'next' | 'refuse'
  readonly connectTimeoutMs: number
  readonly responseTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly replayBytes: number
  readonly agent: GatewayOptions['agent']
  readonly http2: boolean
  readonly tls: GatewayOptions['tls']
  readonly host: 'upstream' | 'client'
  readonly rewrite: Rewrite | undefined
  readonly forwarded: 'x' | 'rfc7239' | false
  readonly trust: (address: string) => boolean
  /** `undefined`: the default name. */
  readonly via: string | undefined
  readonly interim: boolean
  readonly onRelay: ((outcome: RelayOutcome) => void) | undefined
  readonly logger: Logger | undefined
}

// Typed as a record, so that an option added to the interface cannot be forgotten here.
const NAMES: Readonly<Record<keyof GatewayOptions, true>> = {
  upstreams: true,
  ask: true,
  askFromBytes: true,
  continueTimeoutMs: true,
  retryOn: true,
  attempts: true,
  retryBudget: true,
  onSilence: true,
  connectTimeoutMs: true,
  responseTimeoutMs: true,
  idleTimeoutMs: true,
  replayBytes: true,
  agent: true,
  http2: true,
  tls: true,
  host: true,
  rewrite: true,
  forwarded: true,
  trust: true,
  via: true,
  interim: true,
  onRelay: true,
  logger: true,
}

const ORIGINS = 'Give an array of origins such as "http://storage-1:9000"'
const DEFAULT_ATTEMPTS = 3

export function compileGateway(options: GatewayOptions): GatewayPolicy {
  if (options === undefined || options === null) {
    const remedy = 'Say where requests go: { upstreams: ["http://storage-1:9000"] }.'
    throw new OptionError({ option: 'options', received: options, remedy })
  }
  rejectUnknownNames('', options, Object.keys(NAMES))
  const upstreams = readUpstreams(options.upstreams)
  const { agent } = options
  const http2 = readBoolean('http2', options.http2) ?? false
  return Object.freeze<GatewayPolicy>({
    ...readAskOptions(options),
    upstreams,
    retryOn: readStatuses(options.retryOn),
    attempts: readCount('attempts', options.attempts, 1) ?? DEFAULT_ATTEMPTS,
    retryBudget: readShare('retryBudget', options.retryBudget) ?? 0.2,
    onSilence: readChoice('onSilence', options.onSilence, ['send', 'next', 'refuse']) ?? 'send',
    connectTimeoutMs: readMilliseconds('connectTimeoutMs', options.connectTimeoutMs, 1) ?? 3000,
    responseTimeoutMs:
      readMilliseconds('responseTimeoutMs', options.responseTimeoutMs, 1) ?? 60_000,
    idleTimeoutMs: readMilliseconds('idleTimeoutMs', options.idleTimeoutMs, 1) ?? 60_000,
    replayBytes: readSize('replayBytes', options.replayBytes) ?? 0,
    agent: readAgent(agent, { http2, upstreams }),
    http2,
    tls: readTls(options.tls, { agent, upstreams }),
    host: readChoice('host', options.host, ['upstream', 'client']) ?? 'upstream',
    rewrite: readCallback('rewrite', options.rewrite, '(head, { request, signal })'),
    forwarded: readForwarded(options.forwarded),
    trust: readCallback('trust', options.trust, '(address)') ?? (() => false),
    via: readVia(options.via),
    interim: readBoolean('interim', options.interim) ?? true,
    onRelay: readCallback('onRelay', options.onRelay, '(outcome)'),
    logger: readLogger(options.logger),
  })
}

function readUpstreams(value: GatewayOptions['upstreams']): readonly string[] | ChooseUpstreams {
  if (typeof value === 'function') return value
  if (!Array.isArray(value) || value.length === 0) {
    throw new OptionError({
      option: 'upstreams',
      received: value,
      remedy: `${ORIGINS}, or a function (head).`,
    })
  }
  const origins = value.map((each: unknown, index) => originOf(`upstreams[${index}]`, each))
  return Object.freeze([...new Set(origins)])
}

/**
 * @throws OptionError - `upstreams` as a function gave something else than origins.
 * @throws Refusal - it gave none: 502, with an `OptionError` as its cause.
 */
export function chosenOrigins(given: unknown): readonly string[] {
  const option = 'upstreams()'
  if (!Array.isArray(given)) {
    throw new OptionError({ option, received: given, remedy: `${ORIGINS}, or a promise of one.` })
  }
  if (given.length === 0) {
    const remedy = 'Give at least one origin, or throw a Refusal.'
    throw unreachable(new OptionError({ option, received: given, remedy }))
  }
  return given.map((each: unknown, index) => originOf(`${option}[${index}]`, each))
}

function readStatuses(value: readonly number[] | undefined): ReadonlySet<number> {
  if (value === undefined) return new Set([429, 502, 503, 504])
  const remedy = 'Give an array of statuses from 400 to 599.'
  if (!Array.isArray(value)) throw new OptionError({ option: 'retryOn', received: value, remedy })
  value.forEach((status: unknown, index) => {
    if (Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 599) return
    throw new OptionError({ option: `retryOn[${index}]`, received: status, remedy })
  })
  return new Set(value)
}

function readShare(option: string, value: unknown): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && value >= 0 && value <= 1) return value
  throw new OptionError({ option, received: value, remedy: 'Give a share from 0 to 1.' })
}

function readForwarded(value: unknown): 'x' | 'rfc7239' | false {
  if (value === false) return false
  const kinds = ['x', 'rfc7239'] as const
  return readChoice('forwarded', value, kinds, ', or false') ?? 'x'
}

function readVia(value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && isToken(value))) return value
  throw new OptionError({
    option: 'via',
    received: value,
    remedy: 'Give a token, as a pseudonym in Via is one (RFC 9110 section 7.6.3).',
  })
}
