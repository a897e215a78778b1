// One connection of the doctor: the raw client of the conformance suite, with a transcript, and with
// waits that end quietly. Except for the blind writer its socket hears the peer out, so that the answer of
// a server that closes early is found.

import { hearOut } from '@expectation/client'
import { type Address, Observation, RawClient, type WireResponse } from '@expectation/conformance'
import type { Final } from './seen.js'
import { Transcript } from './transcript.js'

const BODY_CHARACTERS = 4_096
/** More than any page of an error: whoever sends so much is not listened to any longer. */
const MOST_BYTES = 4 * 1024 * 1024
/** More interim answers than anybody sends in earnest: from here on it is a flood. */
const MOST_INTERIM = 16

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
  ) {
    this.transcript = transcript
  }

  static async open(to: Address, { connectMs, hearsOut, signal }: WireOptions): Promise<Wire> {
    signal?.throwIfAborted()
    const transcript = new Transcript()
    const client = await RawClient.connect(to, connectMs, (socket) => {
      const cut = (): void => void socket.destroy()
      signal?.addEventListener('abort', cut)
      socket.once('close', () => signal?.removeEventListener('abort', cut))
      if (hearsOut) hearOut(socket)
      socket.on('data', (bytes: Buffer) => {
        transcript.came(bytes)
        if (socket.bytesRead > MOST_BYTES) socket.destroy()
      })
    })
    return new Wire(client, transcript)
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

  /** What came and is no answer yet, for the one who has to say why there is none. */
  get unread(): string {
    return this.client.unread
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
      return await this.client.nextIfAny({ method: this.#method, withinMs })
    } catch (error) {
      if (!(error instanceof Observation)) throw error
      this.malformed = /malformed: ([^[]*)/.exec(error.message)?.[1]?.trim() ?? error.message
      return undefined
    }
  }

  #take(answer: WireResponse): void {
    if (answer.status < 200) {
      this.interim.push(answer.status)
      return
    }
    this.saysClose = answer.saysClose
    this.final = {
      status: answer.status,
      fields: answer.fields,
      body: answer.text.slice(0, BODY_CHARACTERS),
    }
  }
}
