// Content on its way: one piece at a time, so that whoever reads the answer can stop it, and so that
// what left is known. Nothing is read before `start()`, and nothing after `stop()`.
import type { Content } from './content/content.js'
import type { Source } from './content/source.js'
import type { Wire } from './wire/wire.js'

/** Small at first, as early answers come early; then so large that the turns cost nothing. */
const FIRST_PIECE_BYTES = 65_536
/** Pieces that are there at once, for a connection that takes them at once, would keep timers from running. */
const LONGEST_TURN_MS = 20

export interface SendingEvents {
  /** Bytes have left. */
  progress(): void
  /** All content is with the connection. */
  sent(): void
  /** The body failed. */
  failed(error: unknown): void
}

export class Sending {
  #source: Source | undefined
  #sent = 0
  /** Size of the piece that is being written. */
  #piece = 0
  #stopped = false
  #complete = false

  constructor(
    private readonly content: Content,
    /** What was announced. */
    private readonly length: number | undefined,
    private readonly wire: Wire,
    private readonly events: SendingEvents,
  ) {}

  /** Content bytes that have left. */
  get sentBytes(): number {
    return this.#piece === 0 ? this.#sent : this.#sent + this.wire.leftOf(this.#piece)
  }

  /** Is all content with the connection? */
  get complete(): boolean {
    return this.#complete
  }

  /** Was something of the body read? An empty one is read, too, once its end was sent. */
  get contentRead(): boolean {
    return this.#complete || this.#source?.begun !== false
  }

  get stopped(): boolean {
    return this.#stopped
  }

  start(): void {
    const { bytes } = this.content
    if (bytes !== undefined && bytes.byteLength <= FIRST_PIECE_BYTES) this.#end(bytes)
    else this.#run().catch((error: unknown) => this.#fail(error))
  }

  stop(): void {
    this.#sent = this.sentBytes
    this.#piece = 0
    this.#stopped = true
    this.#source?.stop()
  }

  async #run(): Promise<void> {
    const source = await this.content.open()
    this.#source = source
    if (this.#stopped) return source.stop()
    let turn = performance.now()
    for (;;) {
      if (performance.now() - turn > LONGEST_TURN_MS) {
        await new Promise(setImmediate)
        turn = performance.now()
      }
      const piece = await source.next()
      if (this.#stopped) return
      if (piece === undefined) break
      if (!(await this.#send(this.#fitting(piece)))) return
      if (this.content.mayGrow === true && this.#sent === this.length) break
    }
    if (this.length !== undefined && this.#sent < this.length) {
      throw new Error(`The body ended after ${this.#sent} of ${this.length} bytes`)
    }
    source.stop()
    this.#end(undefined)
  }

  #fitting(piece: Uint8Array): Uint8Array {
    const room = this.length === undefined ? piece.byteLength : this.length - this.#sent
    if (piece.byteLength <= room) return piece
    if (this.content.mayGrow === true) return piece.subarray(0, room)
    throw new Error(`The body has more than the ${this.length} bytes that were announced`)
  }

  /** `false`: there is nothing more to do. */
  async #send(bytes: Uint8Array): Promise<boolean> {
    for (let at = 0; at < bytes.byteLength; ) {
      const most = Math.min(
        this.wire.largestPieceBytes,
        Math.max(FIRST_PIECE_BYTES, Math.floor(this.#sent / 4)),
      )
      const piece = bytes.subarray(at, at + most)
      if (!(await this.#write(piece))) return false
      at += piece.byteLength
    }
    return true
  }

  #write(piece: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      this.#piece = piece.byteLength
      this.wire.write(piece, (error) => {
        if (this.#stopped) return resolve(false)
        this.#sent += error == null ? piece.byteLength : this.wire.leftOf(piece.byteLength)
        this.#piece = 0
        // A write that fails is the connection's to tell.
        if (error != null) return resolve(false)
        this.events.progress()
        resolve(!this.#stopped)
      })
    })
  }

  #end(last: Uint8Array | undefined): void {
    const size = last?.byteLength ?? 0
    this.#piece = size
    this.#complete = true
    this.wire.end(size === 0 ? undefined : last, () => {
      if (this.#stopped) return
      this.#sent += size
      this.#piece = 0
      this.events.progress()
    })
    this.events.sent()
  }

  #fail(error: unknown): void {
    if (this.#stopped) return
    this.stop()
    this.events.failed(error)
  }
}
