// The agents of `upload()` itself. It has limits of its own, so only an idle connection needs one of the
// socket: as an option of the agent, `timeout` costs listeners and a timer for every request.
import type { AgentOptions, ClientRequestArgs } from 'node:http'
import type { Duplex } from 'node:stream'
import { EarlyAnswerAgent, SecureEarlyAnswerAgent } from './agent.js'

/** As in Node's global agent; shorter when a server says so (`Keep-Alive: timeout`). */
const IDLE_MS = 5_000

/** Node reads the option when a connection becomes idle, and again for every request. */
function whileIdle<Kept>(options: AgentOptions, keep: () => Kept): Kept {
  options.timeout = IDLE_MS
  try {
    return keep()
  } finally {
    options.timeout = 0
  }
}

/** The name of a pool of connections: Node asks for it three times a request, and makes it anew each time. */
class Names {
  #host: unknown
  #port: unknown
  #name: string | undefined

  of(options: ClientRequestArgs, make: () => string): string {
    const { host, port, family, localAddress, socketPath } = options
    if (family !== undefined || localAddress !== undefined || socketPath !== undefined)
      return make()
    if (this.#name !== undefined && host === this.#host && port === this.#port) return this.#name
    this.#host = host
    this.#port = port
    this.#name = make()
    return this.#name
  }
}

class UploadAgent extends EarlyAnswerAgent {
  /** Every agent of Node has them; the types know it for `https` only. */
  declare readonly options: AgentOptions
  readonly #names = new Names()

  constructor() {
    super()
    this.options.timeout = 0
  }

  override getName(options: ClientRequestArgs = {}): string {
    return this.#names.of(options, () => super.getName(options))
  }

  /** `false`, whatever its type says, when the server closes too soon. */
  override keepSocketAlive(socket: Duplex): unknown {
    return whileIdle(this.options, () => super.keepSocketAlive(socket))
  }
}

class SecureUploadAgent extends SecureEarlyAnswerAgent {
  constructor() {
    super()
    this.options.timeout = 0
  }

  override keepSocketAlive(socket: Duplex): unknown {
    return whileIdle(this.options, () => super.keepSocketAlive(socket))
  }
}

export const agents = { http: new UploadAgent(), https: new SecureUploadAgent() } as const
