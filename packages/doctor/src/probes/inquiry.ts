// Makes the requests of a run, one at a time. A connection that cannot be made ends the run while nobody has
// answered anything: there is nobody to look at. Later it is one more thing that was seen.

import { DoctorError } from '../errors.js'
import type { ProbeName } from '../facts/facts.js'
import type { Settings } from '../options.js'
import { tell } from '../tell.js'
import { exchange, type Plan } from '../wire/exchange.js'
import { type RequestHead, requestLine } from '../wire/head.js'
import { type Patience, patienceOf } from '../wire/patience.js'
import { Secrets } from '../wire/secrets.js'
import type { Seen } from '../wire/seen.js'
import { codeOf, connectError } from './connect-error.js'
import type { Target } from './target.js'

/** One that could not be made may be an accident; with this many in turn the server is taken to be gone. */
const MOST_IN_VAIN = 2

export class Inquiry {
  readonly patience: Patience
  readonly #secrets: Secrets
  #answered = false
  #inVain = 0
  #requests = 0

  constructor(
    private readonly target: Target,
    private readonly settings: Settings,
  ) {
    this.patience = patienceOf(settings.timeoutMs)
    const { fields, accepts } = settings
    this.#secrets = new Secrets(fields, [target.target, accepts?.target ?? ''])
  }

  /** How many requests were made, with those that followed on a kept connection. */
  get requests(): number {
    return this.#requests
  }

  /** It had answered, and can no longer be reached. */
  get isGone(): boolean {
    return this.#inVain >= MOST_IN_VAIN
  }

  /** What was asked for, as reports may show it. */
  shown(target: string): string {
    return `${this.settings.method} ${this.target.origin}${this.#secrets.text(target)}`
  }

  probe(plan: Plan): Promise<Seen> {
    const { patience } = this
    const { address } = this.target
    const { signal } = this.settings
    const ask = (): Promise<Seen> => exchange(address, plan, patience, signal)
    return this.make(plan.probe, plan.head, ask)
  }

  /**
   * What was seen, without secrets.
   *
   * @throws DoctorError - no connection came about, and nothing was answered before
   */
  async make(name: ProbeName, head: RequestHead, ask: () => Promise<Seen>): Promise<Seen> {
    const { signal, onProbe } = this.settings
    signal?.throwIfAborted()
    tell(onProbe, name)
    const begun = performance.now()
    const seen = await ask().catch((error: unknown) => {
      signal?.throwIfAborted()
      const told = connectError(error, this.target)
      if (!this.#answered || !(told instanceof DoctorError)) throw told
      const why = codeOf(error) || told.code
      return unconnected(name, head, why, Math.round(performance.now() - begun))
    })
    signal?.throwIfAborted()
    this.#note(seen)
    return this.#secrets.hidden(seen)
  }

  #note({ final, malformed, next, unconnected }: Seen): void {
    this.#answered ||= final !== undefined || malformed !== undefined
    this.#inVain = unconnected === undefined ? 0 : this.#inVain + 1
    if (unconnected === undefined) this.#requests += 1
    if (next !== undefined) this.#requests += 1
  }
}

function unconnected(probe: ProbeName, head: RequestHead, why: string, ms: number): Seen {
  return {
    probe,
    request: requestLine(head),
    unconnected: why,
    interim: [],
    silent: false,
    final: undefined,
    unfinished: false,
    malformed: undefined,
    failure: undefined,
    sentBytes: 0,
    spent: 'nothing',
    after: 'cut',
    next: undefined,
    nextStatus: undefined,
    ms,
    transcript: [{ atMs: ms, way: 'note', text: `no connection: ${why}` }],
  }
}
