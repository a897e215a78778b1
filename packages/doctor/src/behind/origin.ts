// The doctor's own origin: answers as a scenario says, which the path of the request names, and writes
// down what it has seen. Everybody else is told that it is there (204), and that it takes nothing (404).

import net from 'node:net'
import { DoctorError } from '../errors.js'
import type { ScenarioName } from '../facts/facts.js'
import { OriginConnection } from './connection.js'
import type { Behaviour } from './scenarios.js'
import type { Visit, VisitBook } from './visit.js'

/** More connections than a run makes, with room for a proxy that opens some in advance. */
const MOST_CONNECTIONS = 64

export interface OriginOptions {
  /** The segment of a path that marks the requests of this run. */
  readonly name: string
  readonly behaviours: ReadonlyMap<string, Behaviour>
  /** Of each upload. */
  readonly contentBytes: number
}

export class Origin implements VisitBook {
  readonly visits: Visit[] = []
  readonly #sockets = new Set<net.Socket>()
  #connections = 0

  private constructor(
    private readonly server: net.Server,
    readonly name: string,
    readonly behaviours: ReadonlyMap<string, Behaviour>,
    private readonly contentBytes: number,
  ) {
    server.maxConnections = MOST_CONNECTIONS
    server.on('connection', (socket) => {
      this.#connections += 1
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      new OriginConnection(socket, this, this.#connections)
    })
  }

  /** @throws DoctorError - the port cannot be listened on. */
  static async listen(
    at: { readonly host: string; readonly port: number },
    { name, behaviours, contentBytes }: OriginOptions,
  ): Promise<Origin> {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true })
    const origin = new Origin(server, name, behaviours, contentBytes)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(at.port, at.host, resolve)
    }).catch((error: NodeJS.ErrnoException) => {
      const text = `The origin cannot listen on ${at.host} port ${at.port} (${error.code ?? error.message}). Is something else there? It is the doctor that has to be behind the proxy.`
      throw new DoctorError('origin_unavailable', text, { cause: error })
    })
    return origin
  }

  bytesOf(name: string): number {
    return name === 'after' ? 0 : this.contentBytes
  }

  visitOf(scenario: ScenarioName | 'after'): Visit | undefined {
    return this.visits.find(({ path }) => path === scenario)
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}
