// Agents of node:http and node:https whose sockets hear their peer out. Everything else is Node's own
// agent, with the options that its global agent has, as that is what they take the place of.
import { Agent, type AgentOptions, type ClientRequestArgs } from 'node:http'
import {
  Agent as SecureAgent,
  type AgentOptions as SecureAgentOptions,
  type RequestOptions as SecureRequestOptions,
} from 'node:https'
import { isIP, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import tls, { type TLSSocket } from 'node:tls'
import { hearOut } from './hear-out.js'
import { OptionError } from './option-error.js'
import { isRecord } from './record.js'

interface Own {
  destroy(): void
  once(event: 'close', listener: () => void): unknown
}

/** Options with which Node's agent connects to another place, or speaks what they say. */
const LEADING_ELSEWHERE = [
  'proxyEnv',
  'socketPath',
  'path',
  'host',
  'port',
  'ALPNProtocols',
] as const

type Created = (error: Error | null, stream: Duplex) => void

/** Those of `http.globalAgent`: connections are kept, and an idle one is closed after 5 seconds. */
const AS_GLOBAL = { keepAlive: true, scheduling: 'lifo', timeout: 5_000 } as const

function heard(stream: Duplex): Duplex {
  // A `createConnection` of the caller's may hand out any stream.
  return stream instanceof Socket ? hearOut(stream) : stream
}

function hearing(created: Created | undefined): Created | undefined {
  if (created === undefined) return undefined
  return (error, stream) => created(error, error === null && stream ? heard(stream) : stream)
}

/** Node's agents take `null` as no options, and read what cannot hold any as none. */
function checked<Options extends object>(options: Options): Options {
  if (options === null || isRecord(options)) return options
  const remedy = 'Write an object such as { maxSockets: 10 }, or leave it out.'
  throw new OptionError({ option: 'options', received: options, remedy })
}

/** For `https:`; the same as {@link EarlyAnswerAgent}, and written `EarlyAnswerAgent.Secure`. */
export class SecureEarlyAnswerAgent extends SecureAgent {
  /** A connection that was made to learn which HTTP the server speaks; the next request takes it. */
  #ready: Socket | undefined
  /** What Node's agent knows nothing of: connections made to ask, and HTTP/2 sessions. */
  readonly #own = new Set<Own>()

  constructor(options: SecureAgentOptions = {}) {
    super({ ...AS_GLOBAL, ...checked(options) })
  }

  /**
   * Whether {@link SecureEarlyAnswerAgent.askProtocol} connects as the agent would: not where its options,
   * or a class that extends it, lead elsewhere, as through a proxy.
   * @internal
   */
  get mayAskProtocol(): boolean {
    const { createConnection } = SecureEarlyAnswerAgent.prototype
    if (this.createConnection !== createConnection) return false
    return LEADING_ELSEWHERE.every((name) => Reflect.get(this.options, name) == null)
  }

  /**
   * A connection on which the server chooses between HTTP/2 and HTTP/1.1 (ALPN, RFC 7301).
   * @internal
   */
  askProtocol(host: string, port: string): TLSSocket {
    const socket = tls.connect({
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...this.options,
      host,
      port: Number(port),
      ALPNProtocols: ['h2', 'http/1.1'],
    })
    return this.own(socket)
  }

  /**
   * Ends with the agent from here on.
   *
   * @param over - The connection that a session has taken, and ends by itself.
   * @internal
   */
  own<Given extends Own>(given: Given, over?: TLSSocket): Given {
    if (over !== undefined) this.#own.delete(over)
    this.#own.add(given)
    given.once('close', () => this.#own.delete(given))
    return given
  }

  /** Destroys every connection that the agent uses, as Node's own does, HTTP/2 sessions among them. */
  override destroy(): void {
    for (const each of [...this.#own]) each.destroy()
    super.destroy()
  }

  /**
   * Runs `open`, whose request uses `socket` unless the agent has another one that is free.
   * @internal
   */
  withReady<Opened>(socket: Socket, open: () => Opened): Opened {
    this.#ready = socket
    try {
      return open()
    } finally {
      this.#ready?.destroy()
      this.#ready = undefined
    }
  }

  override createConnection(options: SecureRequestOptions, created?: Created) {
    const ready = this.#ready
    this.#ready = undefined
    if (ready !== undefined) return hearOut(ready)
    const stream = super.createConnection(options, hearing(created))
    return stream && heard(stream)
  }
}

/**
 * An agent for `http:` that finds the answer of a server that closes while content is being sent: give
 * it to `http.request`, axios (`httpAgent`), got (`agent.http`) or the AWS SDK.
 *
 * @param options - those of `http.Agent`; `keepAlive: true`, `scheduling: 'lifo'` and `timeout: 5000`
 *   (milliseconds that an idle connection is kept) by default, as in Node's global agent
 * @throws {@link OptionError} when what is given cannot hold options
 */
export class EarlyAnswerAgent extends Agent {
  /** The same agent for `https:`. */
  static readonly Secure = SecureEarlyAnswerAgent

  constructor(options: AgentOptions = {}) {
    super({ ...AS_GLOBAL, ...checked(options) })
  }

  override createConnection(options: ClientRequestArgs, created?: Created) {
    const stream = super.createConnection(options, hearing(created))
    return stream && heard(stream)
  }
}
