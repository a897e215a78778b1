// Several requests at once on one connection, a new one for each answer, as `autocannon --pipelining` does.

import net from 'node:net'

const ANSWER = 'HTTP/1.1 '

export class PipelineLane {
  #socket
  #open = 0
  #rest = ''

  constructor(target, request, tally, depth) {
    this.request = request
    this.tally = tally
    this.bytes = Buffer.concat([request.head, request.content ?? Buffer.alloc(0)])
    const socket = net.connect(target)
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('connect', () => {
      for (let at = 0; at < depth; at += 1) this.#send()
    })
    socket.on('data', (chunk) => this.#read(chunk.latin1Slice()))
    socket.on('error', (error) => tally.failed(error.code))
    socket.on('close', () => {
      for (let at = 0; at < this.#open; at += 1) tally.lost()
      tally.laneEnded()
    })
  }

  stop() {
    this.#open = 0
    this.#socket.destroy()
  }

  #send() {
    this.#open += 1
    this.#socket.write(this.bytes)
  }

  /** Every answer here begins with its status line, and no body holds one. */
  #read(text) {
    const seen = this.#rest + text
    let from = 0
    for (;;) {
      const at = seen.indexOf(ANSWER, from)
      if (at < 0 || at + ANSWER.length + 3 > seen.length) break
      from = at + ANSWER.length
      this.tally.answered(Number(seen.slice(from, from + 3)))
      if (this.#open === 0) return
      this.#open -= 1
      this.#send()
    }
    this.#rest = seen.slice(Math.max(from, seen.length - ANSWER.length - 3))
  }
}
