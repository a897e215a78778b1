// A library's request to its upstream, from the moment the library pipes into it. Laws:
// - nothing is read before the upstream's verdict, or its silence; a 2xx in pieces to a question that the client did
//   not ask is silence
// - one whose content did not all go out is destroyed after its answer: in a pool, the next request on
//   its connection would be taken for content

import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { hearOut } from '@expectation/client'
import { contentWasRead, RelayError } from '../refusals.js'
import { continueClient, leaveUncontinued } from '../relay/client-continue.js'
import { whenClosed } from '../relay/client-gone.js'
import { asBytes, flushHead } from '../upstream/head-bytes.js'
import { whenConnected } from '../upstream/when-connected.js'
import type { ByOrigin, OriginMemory } from '../upstreams/memory.js'
import { Wait } from '../wait.js'
import type { Pipes } from './pipes.js'

export interface AskedPipePolicy {
  readonly continueTimeoutMs: number
  readonly onSilence: 'send' | 'refuse'
}

export interface PipeParts {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly to: ClientRequest
  readonly memories: ByOrigin<OriginMemory>
  readonly policy: AskedPipePolicy
  readonly pipes: Pipes
  readonly clientAsks: boolean
  /** There was content, and all of it was read before the library. */
  readonly contentIsGone: boolean
  /** Begins the pipe that the library wanted. */
  readonly send: () => void
}

export class AskedPipe {
  #waiting = false
  #asked = false
  readonly #verdict = new Wait()
  /** Of the upstream, once it is connected: a library's request does not tell its port. */
  #memory: OriginMemory | undefined

  constructor(private readonly parts: PipeParts) {}

  begin(isAsked: boolean): void {
    const { to, request, response, pipes } = this.parts
    to.once('response', (answer) => this.#answered(answer))
    to.once('close', () => this.#stopWaiting())
    // Not every library notices that the client has left, or that its content was refused on the way.
    const letGo = whenClosed(request, response, () => {
      if (!response.writableFinished || !request.complete) to.destroy()
    })
    to.once('close', letGo)
    this.#waiting = true
    pipes.join()
    to.once('continue', () => this.#send())
    this.#whenConnected((socket) => {
      hearOut(socket)
      // Unless a hook has sent it anew, the upstream would wait for what was announced to it.
      if (this.parts.contentIsGone && !to.headersSent) {
        to.destroy(contentWasRead())
        return
      }
      this.#memory = this.parts.memories.of(`${socket.remoteAddress} ${socket.remotePort}`)
      // A hook may have sent the head, most likely with content of its own.
      if (isAsked && !this.#memory.isNotAsked && !to.headersSent && !to.destroyed) this.#ask(socket)
      else this.#send()
    })
  }

  /** Later than the library's own listeners for `socket`, where it runs its hooks. */
  #whenConnected(take: (socket: Socket) => void): void {
    const { to } = this.parts
    const look = (socket: Socket): void => whenConnected(socket, () => take(socket))
    if (to.socket !== null) look(to.socket)
    else to.once('socket', look)
  }

  #ask(socket: Socket): void {
    const { to, policy } = this.parts
    this.#asked = true
    to.setHeader('Expect', '100-continue')
    asBytes(socket, () => to.flushHeaders())
    this.#verdict.begin(policy.continueTimeoutMs, () => this.#silent())
  }

  #silent(): void {
    const { policy, to } = this.parts
    if (policy.onSilence === 'refuse') {
      to.destroy(new RelayError('The upstream did not say whether it takes it.', 'ETIMEDOUT'))
      return
    }
    this.#memory?.doesNotAnswerAsking()
    this.#send()
  }

  #send(): void {
    if (!this.#waiting) return
    this.#waiting = false
    this.#verdict.stop()
    this.parts.pipes.decided(() => this.#begin())
  }

  /** The client's own 100 goes out now: what is read by a pipe comes a tick later. */
  #begin(): void {
    const { request, to, send } = this.parts
    if (to.destroyed) return
    continueClient(request)
    send()
    // Content that is there goes out with the head; when it is late the head goes alone.
    setImmediate(() => {
      if (!to.headersSent && !to.destroyed) flushHead(to)
    })
  }

  #answered(answer: IncomingMessage): void {
    const { to, request, clientAsks } = this.parts
    const status = answer.statusCode ?? 0
    if (this.#waiting && this.#asked && !clientAsks && status < 300) {
      this.#verdict.stop()
      setImmediate(() => this.#sendBehind(answer))
    } else {
      if (this.#waiting && this.#asked) {
        if (status === 417) this.#memory?.doesNotAnswerAsking()
        leaveUncontinued(request)
      }
      this.#stopWaiting()
    }
    if (to.writableEnded) return
    // Whoever answers 2xx while content comes may be answering to it, as an echo does.
    if (status >= 300) this.#stop()
    answer.once('end', () => this.#finish())
    answer.once('close', () => this.#finish())
  }

  /** Whoever knows no expectation may answer before it reads; what is whole at once was a refusal to read. */
  #sendBehind(answer: IncomingMessage): void {
    if (answer.complete) {
      this.#stopWaiting()
      return
    }
    this.#send()
  }

  /**
   * Nothing more goes to the upstream, its end neither: `stream.pipeline` calls `end` whatever became of
   * the pipe, and half a request would look whole.
   */
  #stop(): void {
    const { request, to } = this.parts
    request.unpipe(to)
    to.end = () => to
  }

  #finish(): void {
    const { to } = this.parts
    if (to.writableEnded) return
    this.#stop()
    to.destroy()
  }

  #stopWaiting(): void {
    this.#verdict.stop()
    if (!this.#waiting) return
    this.#waiting = false
    this.parts.pipes.decided()
  }
}
