// One connection of the doctor: the raw client of the conformance suite, with a transcript, and with
// waits that end quietly. Except for the blind writer its socket hears the peer out, so that the answer of
// a server that closes early is found.

import { hearOut } from '@expectation/client'
import {
  type Address,
  Observation,
  RawClient,
  takeResponse,
  type WireResponse,
} from '@expectation/conformance'
import type { Final } from './seen.js'
import { Transcript } from './transcript.js'

const BODY_CHARACTERS = 4_096
/** More than any page of an error: of an answer that is longer, the head alone is looked at. */
const MOST_BYTES = 4 * 1024 * 1024
/** More interim answers than anybody sends in earnest: from here on it is a flood. */
export const MOST_INTERIM = 16

export interface WireOptions {
  readonly connectMs: number
  readonly hearsOut: boolean
  /** Cuts the connection, one that is not made yet, too; the caller then has to look at it. */
  readonly signal?: AbortSignal | undefined
}

export class Wire {
  readonly transcript: Transcript
  readonly interim: number[] = []
  final: Final | undefined
  saysClose = false
  malformed: string | undefined
  #method = ''

  private constructor(
    private readonly client: RawClient,
    transcript: Transcript,
    /** What may still come of this answer; below zero, it was cut here. */
    private readonly room: { bytes: number },
  ) {
    this.transcript = transcript
  }

  static async open(to: Address, { connectMs, hearsOut, signal }: WireOptions): Promise<Wire> {
    signal?.throwIfAborted()
    const transcript = new Transcript()
    const room = { bytes: MOST_BYTES }
    const client = await RawClient.connect(to, connectMs, (socket) => {
      const cut = (): void => void socket.destroy()
      signal?.addEventListener('abort', cut)
      socket.once('close', () => signal?.removeEventListener('abort', cut))
      if (hearsOut) hearOut(socket)
      socket.on('data', (bytes: Buffer) => {
        transcript.came(bytes)
        room.bytes -= bytes.length
        if (room.bytes < 0) socket.destroy()
      })
    })
    return new Wire(client, transcript, room)
  }

  get open(): boolean {
    return this.client.end === 'open'
  }

  get wasCut(): boolean {
    return this.client.end === 'reset'
  }

  /** Why it was cut, when that is known: a reset, or an alert of TLS. */
  get failure(): NodeJS.ErrnoException | undefined {
    return this.client.failure
  }

  /** A final answer has begun, and its end has not come. */
  get begun(): boolean {
    return /^HTTP\/1\.\d [2-9]/.test(this.client.unread.slice(0, 12))
  }

  head(text: string, method: string): void {
    this.#method = method
    this.transcript.head(text)
    this.client.send(text)
  }

  content(bytes: Buffer): void {
    this.transcript.content(bytes.length)
    this.client.send(bytes)
  }

  /** Sends, and waits until the kernel has all of it. False: it has not in time. */
  async contentTaken(bytes: Buffer, withinMs: number): Promise<boolean> {
    this.transcript.content(bytes.length)
    return this.client.sendAll(bytes, withinMs).then(
      () => this.open,
      () => false,
    )
  }

  stopReading(): void {
    this.client.stopReading()
  }

  startReading(): void {
    this.client.startReading()
  }

  pause(ms: number): Promise<void> {
    return this.client.pause(ms)
  }

  /** Waits for a final answer; keeps the interim ones. True: nothing more is to be waited for. */
  async settled(withinMs: number): Promise<boolean> {
    const end = performance.now() + withinMs
    while (!this.isOver) {
      const answer = await this.#next(Math.max(0, end - performance.now()))
      if (answer === undefined) return this.isOver || !this.open
      this.#take(answer)
    }
    return true
  }

  /** Waits for what a client that asks waits for: a 100, or a final answer. False: it has not come. */
  async verdict(withinMs: number): Promise<boolean> {
    const end = performance.now() + withinMs
    while (!this.isOver && !this.interim.includes(100)) {
      const answer = await this.#next(Math.max(0, end - performance.now()))
      if (answer === undefined) return this.isOver || !this.open
      this.#take(answer)
    }
    return true
  }

  /** Forgets the answer that was had, for a further request on this connection. */
  again(): void {
    this.final = undefined
    this.saysClose = false
    this.interim.length = 0
    this.room.bytes = MOST_BYTES
  }

  /** True: the peer has ended the connection by then. */
  async over(withinMs: number): Promise<boolean> {
    return this.client.over(withinMs).then(
      () => true,
      () => false,
    )
  }

  /** The polite end: everything that was sent still arrives. */
  async leave(withinMs: number): Promise<void> {
    this.client.halfClose()
    await this.over(withinMs)
    this.client.destroy()
  }

  destroy(): void {
    this.client.destroy()
  }

  /** A final answer has come, or nothing that could be one will. */
  get isOver(): boolean {
    const flood = this.interim.length >= MOST_INTERIM
    return this.final !== undefined || this.malformed !== undefined || flood
  }

  async #next(withinMs: number): Promise<WireResponse | undefined> {
    try {
      const answer = await this.client.nextIfAny({ method: this.#method, withinMs })
      return answer ?? (this.room.bytes < 0 ? this.#longAnswer() : undefined)
    } catch (error) {
      if (!(error instanceof Observation)) throw error
      this.malformed = /malformed: ([^[]*)/.exec(error.message)?.[1]?.trim() ?? error.message
      return undefined
    }
  }

  /** That its content was not heard out says nothing about the server. */
  #longAnswer(): WireResponse | undefined {
    this.transcript.note('the answer is longer than 4 MiB: the rest was not read')
    const bytes = Buffer.from(this.client.unread, 'latin1')
    return takeResponse(bytes, { method: 'HEAD' })?.response
  }

  #take(answer: WireResponse): void {
    if (answer.status < 200) {
      this.interim.push(answer.status)
      return
    }
    this.saysClose = answer.saysClose || this.room.bytes < 0
    this.final = {
      status: answer.status,
      fields: answer.fields,
      body: answer.text.slice(0, BODY_CHARACTERS),
    }
  }
}
