// One connection after the other, one request after the other: a client that speaks Expect as
// RFC 9110 section 10.1.1 wants it. It stops sending when the final answer is there.

import net from 'node:net'
import { AnswerReader } from './answer-reader.mjs'

export class Lane {
  #reader = new AnswerReader()
  #socket
  #answered = false
  #left = 0
  #contentOwed = false
  #stopped = false

  constructor(target, request, tally) {
    this.target = target
    this.request = request
    this.tally = tally
    this.whole =
      request.when === 'at-once' && (request.repeat ?? 1) === 1
        ? Buffer.concat([request.head, request.content])
        : request.head
    this.#connect()
  }

  /** No further request; the connection goes when the open one is answered. */
  stop() {
    this.#stopped = true
  }

  #connect() {
    this.#reader.reset()
    const socket = net.connect(this.target)
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('connect', () => this.#send())
    socket.on('data', (chunk) => this.#read(socket, chunk))
    socket.on('drain', () => this.#sendMore())
    socket.on('error', (error) => this.tally.failed(error.code))
    socket.on('close', () => this.#closed(socket))
  }

  #send() {
    this.#answered = false
    this.#left = 0
    this.#contentOwed = this.request.when === 'asked'
    this.#socket.write(this.whole)
    if (this.request.when === 'at-once' && this.whole === this.request.head) this.#sendContent()
  }

  #sendContent() {
    this.#contentOwed = false
    this.#left = this.request.repeat ?? 1
    this.#sendMore()
  }

  #sendMore() {
    while (this.#left > 0 && !this.#answered) {
      this.#left -= 1
      this.tally.sentBytes += this.request.content.length
      if (!this.#socket.write(this.request.content)) return
    }
  }

  #read(socket, chunk) {
    const answer = this.#reader.take(chunk)
    if (answer === undefined) return
    if (answer === 'continue') {
      if (this.request.content !== undefined) this.#sendContent()
      return
    }
    this.#answered = true
    this.tally.answered(answer.status)
    // A server that waits for content that never comes would take the next head for it.
    if (this.#stopped || answer.closes || this.#contentOwed) socket.destroy()
    else this.#send()
  }

  #closed(socket) {
    if (socket !== this.#socket) return
    if (!this.#answered) this.tally.lost()
    if (this.#stopped) this.tally.laneEnded()
    else this.#connect()
  }
}
