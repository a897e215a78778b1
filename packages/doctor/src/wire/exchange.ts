// One request with content, and everything that can be seen of it. Content is sent in pieces, and the
// last one is held back for a while: whoever answers before it does not wait for the whole.
// What was announced is always sent when the connection is kept, so nobody behind a front end is left
// owing content.

import type { Address } from '@expectation/conformance'
import type { After, Next, ProbeName } from '../facts/facts.js'
import { headText, type RequestHead, requestLine } from './head.js'
import type { Patience } from './patience.js'
import { type Seen, spentOf } from './seen.js'
import { Wire } from './wire.js'

export const PIECE_BYTES = 16 * 1024

export interface Plan {
  readonly probe: ProbeName
  readonly head: RequestHead
  /**
   * `paced`: in pieces. `blind`: all of it without reading, as simple clients write. `never`: none, which
   * takes a request that says `Connection: close`.
   */
  readonly manner: 'paced' | 'blind' | 'never'
  /** The head asks for a verdict, so one is waited for. */
  readonly asks: boolean
  /** What is sent on the connection when it is kept. */
  readonly followUp?: RequestHead
}

/** @param signal - cuts the connection; the caller then has to look at it */
export async function exchange(
  to: Address,
  plan: Plan,
  patience: Patience,
  signal?: AbortSignal,
): Promise<Seen> {
  const begun = performance.now()
  const { connectMs } = patience
  const wire = await Wire.open(to, { connectMs, hearsOut: plan.manner !== 'blind', signal })
  try {
    return await new Exchange(wire, plan, patience).run(begun)
  } finally {
    wire.destroy()
  }
}

class Exchange {
  #sent = 0
  #silent = false
  /** The rest of an answer that had begun was waited for. */
  #heardOut = false
  #nextStatus: number | undefined

  constructor(
    private readonly wire: Wire,
    private readonly plan: Plan,
    private readonly patience: Patience,
  ) {}

  async run(begun: number): Promise<Seen> {
    const { wire, plan } = this
    if (plan.manner === 'blind') await this.#blindly()
    else await this.#attentively()
    const sentBytes = this.#sent
    const { final } = wire
    const unfinished = final === undefined && wire.begun
    const interim = [...wire.interim]
    const contentBytes = plan.head.contentBytes ?? 0
    const after = await this.#after()
    const next = after === 'kept' ? await this.#settle() : undefined
    return {
      probe: plan.probe,
      request: requestLine(plan.head),
      interim,
      silent: this.#silent,
      final,
      unfinished,
      malformed: wire.malformed,
      failure: wire.failure,
      sentBytes,
      spent: spentOf(sentBytes, contentBytes, PIECE_BYTES),
      after,
      next,
      nextStatus: this.#nextStatus,
      ms: Math.round(performance.now() - begun),
      transcript: wire.transcript.lines,
    }
  }

  async #attentively(): Promise<void> {
    const { wire, plan, patience } = this
    wire.head(headText(plan.head), plan.head.method)
    if (plan.asks) {
      const told = (await wire.verdict(patience.verdictMs)) || (await this.#settled(0))
      this.#silent = !told
      if (wire.isOver || this.#heardOut) return
    }
    if (plan.manner === 'paced') await this.#paced(plan.head.contentBytes ?? 0)
    // Nothing will be sent: a refusal right behind a 100 is all that can still come.
    await this.#settled(plan.manner === 'never' ? patience.startMs : patience.answerMs)
  }

  /** True: nothing more is to be sent. A client that sees the head of an answer stops there. */
  async #settled(withinMs: number): Promise<boolean> {
    const { wire, patience } = this
    if (this.#heardOut || (await wire.settled(withinMs))) return true
    if (!wire.begun) return false
    this.#heardOut = true
    await wire.settled(patience.answerMs)
    return true
  }

  async #paced(contentBytes: number): Promise<void> {
    const { wire, patience } = this
    while (this.#sent < contentBytes && wire.open) {
      const size = Math.min(PIECE_BYTES, contentBytes - this.#sent)
      wire.content(Buffer.alloc(size, 'x'))
      this.#sent += size
      const left = contentBytes - this.#sent
      const waitMs =
        this.#sent === size ? patience.startMs : left <= PIECE_BYTES ? patience.holdMs : 2
      if (left > 0 && (await this.#settled(waitMs))) return
    }
  }

  /** Writes everything before it reads anything; a write that fails takes the answer with it. */
  async #blindly(): Promise<void> {
    const { wire, plan, patience } = this
    wire.stopReading()
    wire.head(headText(plan.head), plan.head.method)
    const contentBytes = plan.head.contentBytes ?? 0
    const taken = await wire.contentTaken(Buffer.alloc(contentBytes, 'x'), patience.answerMs)
    this.#sent = contentBytes
    if (!taken) wire.transcript.note('not all of it was taken')
    // A client that writes first has other things to do before it reads.
    await wire.pause(50)
    wire.startReading()
    await wire.settled(patience.answerMs)
  }

  async #after(): Promise<After> {
    const { wire, patience } = this
    if (wire.final === undefined) return wire.open ? 'kept' : 'cut'
    if (wire.saysClose) {
      await wire.leave(patience.closeMs)
      return 'closed'
    }
    // Who closes without saying so does it now; where nothing follows it makes no difference.
    const { head, followUp } = this.plan
    const matters = followUp !== undefined || this.#sent < (head.contentBytes ?? 0)
    if (!(await wire.over(matters ? patience.farewellMs : 0))) return 'kept'
    wire.transcript.note(wire.wasCut ? 'the connection was reset' : 'the server has closed')
    return wire.wasCut ? 'cut' : 'closed'
  }

  /** Sends what is owed, asks again, and leaves. */
  async #settle(): Promise<Next | undefined> {
    const { wire, plan, patience } = this
    if (plan.manner === 'never' || wire.final === undefined) return undefined
    const owed = (plan.head.contentBytes ?? 0) - this.#sent
    const taken = owed <= 0 || (await wire.contentTaken(Buffer.alloc(owed, 'x'), patience.nextMs))
    const next = plan.followUp === undefined ? undefined : await this.#next(plan.followUp, taken)
    await wire.leave(patience.closeMs)
    return next
  }

  async #next(head: RequestHead, taken: boolean): Promise<Next> {
    const { wire, patience } = this
    if (!taken) return wire.open ? 'lost' : 'closed'
    wire.again()
    wire.head(headText(head), head.method)
    await wire.settled(patience.nextMs)
    const answer = wire.final
    this.#nextStatus = answer?.status
    if (answer !== undefined) return TAKEN_FOR_A_HEAD.has(answer.status) ? 'lost' : 'answered'
    if (wire.malformed !== undefined) return 'lost'
    return wire.open ? 'lost' : 'closed'
  }
}

/** The content before the `GET` was read as the head of a request, and found to be none. */
const TAKEN_FOR_A_HEAD: ReadonlySet<number> = new Set([400, 414, 431])
