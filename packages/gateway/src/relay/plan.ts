// What a request comes to on its way to an upstream, before any is chosen. Framing is made from the
// parsed head; what cannot be carried faithfully is refused here, and no upstream is touched.

import type { IncomingMessage } from 'node:http'
import { parseExpect, parseFraming, repeatedHost, tooManyFields } from '@expectation/core'
import { exchangeOf, requestHeadOf } from '@expectation/core/node'
import { valuesOf } from '../fields/field-lines.js'
import { type ClientFacts, type ForwardedPolicy, forwardedLines } from '../fields/forwarded.js'
import { passedOn, takesTrailers } from '../fields/request-fields.js'
import type { Via } from '../fields/via.js'
import type { RelayHead } from '../options/relay-head.js'
import {
  badHost,
  contentWasRead,
  loop,
  tooLong,
  unknownTransferCoding,
  upgradeNotRelayed,
} from '../refusals.js'
import type { OutgoingContent } from '../upstream/upstream.js'
import { countedDown, forwardsOf } from './max-forwards.js'
import { authorityOf, isHost, targetOf } from './target.js'

export interface RequestPlan {
  /** As it came from the client. */
  readonly head: RelayHead
  readonly method: string
  /** In origin form. */
  readonly target: string
  /** `Host` or authority of the request; `undefined` for HTTP/1.0 without one. */
  readonly clientHost: string | undefined
  readonly lines: readonly string[]
  readonly content: OutgoingContent
  readonly clientAsks: boolean
  readonly takesTrailers: boolean
}

export interface PlanPolicy extends ForwardedPolicy {
  readonly via: Via
}

/**
 * @throws Refusal - the request cannot be relayed.
 * @throws Error - its content was read before.
 */
export function planOf(request: IncomingMessage, policy: PlanPolicy): RequestPlan {
  const exchange = exchangeOf(request)
  const head = exchange?.head ?? requestHeadOf(request)
  if (head.fieldsDropped === true) throw tooManyFields()
  const { rawHeaders, headers } = request
  const target = targetOf(request)
  refuseUpgrade(request)
  refuseHosts(valuesOf(rawHeaders, 'host'), head.headers[':authority'])
  const vias = valuesOf(rawHeaders, 'via')
  if (policy.via.isLoop(vias)) throw loop()
  const content = contentOf(head, exchange?.framing ?? parseFraming(head))
  if (content.kind !== 'none' && request.readableDidRead) throw contentWasRead()
  const client = clientOf(request, head)
  const via = [...vias, policy.via.entry(head.version)].join(', ')
  return {
    head,
    method: head.method,
    target,
    clientHost: client.host,
    lines: [
      ...countedDown(passedOn(rawHeaders), forwardsOf(head.method, headers['max-forwards'])),
      ...forwardedLines(policy, client, rawHeaders),
      'Via',
      via,
    ],
    content,
    clientAsks: (exchange?.expectation ?? parseExpect(headers.expect ?? '')).kind === 'continue',
    takesTrailers: takesTrailers(headers.te),
  }
}

/**
 * RFC 9112 section 3.2: one `Host`, and a host. Other text would be another one to whoever is lenient, and
 * some of it a path or a list.
 */
function refuseHosts(hosts: readonly string[], authority: unknown): void {
  if (hosts.length > 1) throw repeatedHost()
  for (const host of [...hosts, authority]) {
    if (typeof host === 'string' && !isHost(host)) throw badHost()
  }
}

/**
 * An upgrade may be ignored, and the answer be an ordinary one (RFC 9110 section 7.8). To a WebSocket
 * handshake none means anything, so the client is told.
 */
function refuseUpgrade({ headers, httpVersionMajor }: IncomingMessage): void {
  if (headers.upgrade === undefined || httpVersionMajor !== 1) return
  if (/(?:^|,)[ \t]*websocket[ \t]*(?:,|$)/i.test(headers.upgrade)) throw upgradeNotRelayed()
}

function contentOf(head: RelayHead, framing: ReturnType<typeof parseFraming>): OutgoingContent {
  const coding = head.headers['transfer-encoding']
  if (coding !== undefined && String(coding).trim().toLowerCase() !== 'chunked') {
    throw unknownTransferCoding()
  }
  if (framing.kind === 'length' && framing.bytes === Number.MAX_SAFE_INTEGER) throw tooLong()
  return framing
}

function clientOf(request: IncomingMessage, head: RelayHead): ClientFacts {
  const socket: Partial<IncomingMessage['socket']> & { readonly encrypted?: boolean } =
    request.socket ?? {}
  const host = head.headers[':authority'] ?? head.headers.host
  return {
    address: socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, ''),
    secure: socket.encrypted === true,
    // RFC 9112 section 3.2.2: the authority of an absolute form goes before `Host`.
    host: authorityOf(request.url ?? '') ?? (typeof host === 'string' ? host : host?.[0]),
  }
}
