// Which HTTP a request is made with. `http:` and agents of the caller's speak HTTP/1.1. Else TLS asks the
// server (ALPN, RFC 7301), and HTTP/2 is spoken where it is offered; a session serves its origin until
// it has been idle for five seconds, or nothing moved on it for too long.
import http2 from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { SecureEarlyAnswerAgent } from './agent.js'
import type { Attempt } from './attempt.js'
import { Http1Wire } from './wire/http1.js'
import { Http2Wire } from './wire/http2.js'
import { Http2Session } from './wire/http2-session.js'
import type { RequestPlan } from './wire/wire.js'

/**
 * Fields of one answer. Node takes 128 by default and resets the stream then. A byte of a compressed head
 * can stand for 4 KiB (RFC 7541 section 4.2), so this number is what bounds a head: 16 MiB.
 */
const maxHeaderListPairs = 4_096
/** Nobody takes what a server would push, and each would keep 64 KiB until the session ends (RFC 9113 section 8.4). */
const settings = { enablePush: false }
const REMEMBERED_MS = 600_000
const REMEMBERED_ORIGINS = 1_000

interface Spoken {
  readonly session?: Http2Session
  readonly until: number
}

/** By agent, as its options decide how TLS is spoken; then by origin. */
const spoken = new WeakMap<SecureEarlyAnswerAgent, Map<string, Spoken>>()

export function openWire(plan: RequestPlan, attempt: Attempt): void {
  const { agent, url } = plan
  const own = agent instanceof SecureEarlyAnswerAgent && agent.mayAskProtocol
  if (url.protocol !== 'https:' || !own) {
    attempt.use(new Http1Wire(plan, attempt))
    return
  }
  const known = knownOf(agent, url.origin)
  if (known === undefined) {
    ask(agent, plan, attempt)
    return
  }
  const { session } = known
  if (session === undefined) attempt.use(new Http1Wire(plan, attempt))
  else openStream(agent, session, plan, attempt)
}

function openStream(
  agent: SecureEarlyAnswerAgent,
  session: Http2Session,
  plan: RequestPlan,
  attempt: Attempt,
): void {
  const http1Required = (): void => learn(agent, plan.url.origin)
  attempt.use(new Http2Wire(session, plan, attempt, http1Required))
}

function originsOf(agent: SecureEarlyAnswerAgent): Map<string, Spoken> {
  const origins = spoken.get(agent) ?? new Map<string, Spoken>()
  spoken.set(agent, origins)
  return origins
}

function knownOf(agent: SecureEarlyAnswerAgent, origin: string): Spoken | undefined {
  const known = originsOf(agent).get(origin)
  if (known === undefined) return undefined
  if (known.session === undefined) return known.until > performance.now() ? known : undefined
  return known.session.usable ? known : undefined
}

function learn(agent: SecureEarlyAnswerAgent, origin: string, session?: Http2Session): void {
  const origins = originsOf(agent)
  origins.delete(origin)
  origins.set(origin, {
    until: performance.now() + REMEMBERED_MS,
    ...(session === undefined ? {} : { session }),
  })
  const [oldest] = origins.keys()
  if (origins.size > REMEMBERED_ORIGINS && oldest !== undefined) origins.delete(oldest)
}

/** The first connection to an origin: what the server chooses decides. */
function ask(agent: SecureEarlyAnswerAgent, plan: RequestPlan, attempt: Attempt): void {
  const { url } = plan
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const socket = agent.askProtocol(host, url.port === '' ? '443' : url.port)
  attempt.use({
    write: () => undefined,
    end: () => undefined,
    largestPieceBytes: 0,
    leftOf: () => 0,
    queued: false,
    distrust: () => undefined,
    destroy: () => void socket.destroy(),
  })
  const onError = (error: unknown): void => attempt.failed(error)
  const onClose = (): void => attempt.closed()
  socket.on('error', onError)
  socket.once('close', onClose)
  socket.once('secureConnect', () => {
    socket.removeListener('error', onError)
    socket.removeListener('close', onClose)
    const isHttp2 = socket.alpnProtocol === 'h2'
    try {
      learn(agent, url.origin, isHttp2 ? sessionOver(agent, plan, socket) : undefined)
      const session = knownOf(agent, url.origin)?.session
      if (session !== undefined) openStream(agent, session, plan, attempt)
      else attempt.use(agent.withReady(socket, () => new Http1Wire(plan, attempt)))
    } catch (error) {
      attempt.failed(error)
    }
  })
}

function sessionOver(agent: SecureEarlyAnswerAgent, plan: RequestPlan, socket: TLSSocket) {
  const { origin } = plan.url
  const known = knownOf(agent, origin)?.session
  if (known !== undefined) {
    // Another request was quicker.
    socket.destroy()
    return known
  }
  const session = agent.own(
    http2.connect(origin, { createConnection: () => socket, maxHeaderListPairs, settings }),
    socket,
  )
  return new Http2Session(session, socket)
}
