// One connection of the origin: heads in turn, the content of each counted, an answer as its scenario
// says. How much is to come is known by the path, and it is nothing but the letter x, which is what is
// counted: so it does not matter how a proxy frames content anew, or which fields it takes away.

import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Behaviour } from './scenarios.js'
import type { Visit, VisitBook } from './visit.js'

const CONTENT = 'x'.charCodeAt(0)
const HEAD_BYTES = 65_536
const LINGER_MS = 10_000
/** So long the content of a request has time to arrive unread, before its connection is reset. */
const RUDE_MS = 50

interface Current {
  readonly visit: Visit
  readonly behaviour: Behaviour
  readonly announcedBytes: number
  answered: boolean
}

export class OriginConnection {
  #head = ''
  #current: Current | undefined
  #over = false

  constructor(
    private readonly socket: Socket,
    private readonly origin: VisitBook,
    private readonly id: number,
  ) {
    socket.on('data', (bytes: Buffer) => this.#take(bytes))
    socket.on('end', () => socket.end())
    // A proxy may reset what it does not need; that is seen by what it answers.
    socket.on('error', () => socket.destroy())
  }

  #take(bytes: Buffer): void {
    if (this.#over) return void this.#count(bytes)
    if (this.#current !== undefined) {
      const rest = this.#content(this.#current, bytes)
      if (rest === undefined) return
      this.#current = undefined
      bytes = rest
    }
    this.#head += bytes.toString('latin1')
    // What may stand between two requests: the last chunk, and empty lines.
    const start = /[A-Z]+ \S+ HTTP\/1\.[01]\r\n/.exec(this.#head)?.index
    const end = start === undefined ? -1 : this.#head.indexOf('\r\n\r\n', start)
    if (start === undefined || end === -1) {
      if (this.#head.length > HEAD_BYTES) this.socket.destroy()
      return
    }
    const head = this.#head.slice(start, end)
    const rest = Buffer.from(this.#head.slice(end + 4), 'latin1')
    this.#head = ''
    this.#request(head)
    if (rest.length > 0) this.#take(rest)
  }

  #request(head: string): void {
    // The path: what a query holds names nothing.
    const path = /^\S+ (?:https?:\/\/[^/?]*)?([^\s?]*)/i.exec(head)?.[1] ?? ''
    const [name = '', of = ''] = path
      .split('/')
      .filter((part) => part !== '')
      .slice(-2)
      .reverse()
    const behaviour = this.origin.behaviours.get(name)
    if (of !== this.origin.name || behaviour === undefined) {
      // A proxy that looks whether its origin is well is told so.
      this.#write(/^(?:GET|HEAD|OPTIONS) /.test(head) ? 204 : 404, 'keep')
      return
    }
    const visit: Visit = {
      path: name,
      connection: this.id,
      expect: /^expect: *100-continue/im.test(head),
      contentBytes: 0,
      answeredAtBytes: undefined,
    }
    this.origin.visits.push(visit)
    const announcedBytes = this.origin.bytesOf(name)
    this.#current = { visit, behaviour, announcedBytes, answered: false }
    for (const status of behaviour.interim) this.#interim(status)
    if (behaviour.continues && visit.expect) this.#interim(100)
    if (behaviour.leaves === 'reset') this.#reset(this.#current)
    else this.#look(this.#current)
  }

  /** What lies behind the content of this request; undefined while it has not all come. */
  #content(current: Current, bytes: Buffer): Buffer | undefined {
    const { visit, announcedBytes } = current
    let at = 0
    while (at < bytes.length && visit.contentBytes < announcedBytes) {
      if (bytes[at] === CONTENT) visit.contentBytes += 1
      at += 1
    }
    this.#look(current)
    return visit.contentBytes < announcedBytes || this.#over ? undefined : bytes.subarray(at)
  }

  /** After the end, only counted. */
  #count(bytes: Buffer): void {
    const visit = this.#current?.visit
    if (visit !== undefined) visit.contentBytes += bytes.filter((byte) => byte === CONTENT).length
  }

  /** Is it time to answer? */
  #look(current: Current): void {
    const { visit, behaviour, announcedBytes } = current
    const wanted = behaviour.reads === 'all' ? announcedBytes : behaviour.reads
    if (current.answered || visit.contentBytes < Math.min(wanted, announcedBytes)) return
    current.answered = true
    visit.answeredAtBytes = visit.contentBytes
    this.#write(behaviour.status, behaviour.leaves)
    if (announcedBytes === 0 && !this.#over) this.#current = undefined
  }

  /** Answers while content lies unread in the kernel, and closes at once: TCP resets (RFC 9112 section 9.6). */
  #reset(current: Current): void {
    const { socket } = this
    current.answered = true
    current.visit.answeredAtBytes = 0
    this.#over = true
    socket.pause()
    setTimeout(() => {
      socket.write(answer(current.behaviour.status, 'reset'), () => socket.destroy())
    }, RUDE_MS)
  }

  #interim(status: number): void {
    const field = status === 103 ? 'Link: </doctor.css>; rel=preload; as=style\r\n' : ''
    this.socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Upload Resumption'}\r\n${field}\r\n`,
    )
  }

  #write(status: number, leaves: Behaviour['leaves']): void {
    const { socket } = this
    socket.write(answer(status, leaves))
    if (leaves === 'keep') return
    this.#over = true
    socket.end()
    const timer = setTimeout(() => socket.destroy(), LINGER_MS)
    socket.once('close', () => clearTimeout(timer))
  }
}

function answer(status: number, leaves: Behaviour['leaves']): string {
  const body = status === 204 ? '' : `doctor ${status}\n`
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: text/plain',
    'Cache-Control: no-store',
    ...(status === 204 ? [] : [`Content-Length: ${body.length}`]),
    ...(leaves === 'keep' ? [] : ['Connection: close']),
    '',
    body,
  ].join('\r\n')
}
