// Content of unknown length, on credit: a grant says how many bytes it allows and is asked for more. Laws:
// - content that is granted is never held back; of what is not granted one chunk of Node's is handed on
//   at the most, then reading stops
// - more is asked for ahead of need, and a refusal counts only when what was granted is used up
// - an answer that does not come ends with the bound of waiting for content

import type { Framing } from '../../head/framing.js'
import type { Grant, GrantedBytes } from '../../policy/grant.js'
import type { PolicyInForce } from '../../policy/in-force.js'
import { isRefusal, type Refusal } from '../../refusal/refusal.js'
import { checkTimedOut, contentTooLarge } from '../../refusal/stock.js'
import { warnOfFault } from '../observe/user-code.js'
import { nextTick, nowMs } from '../timers.js'
import type { Wait } from './deadlines.js'
import { ExchangeWait } from './exchange-wait.js'
import type { ServerContext } from './server-context.js'

/** What Node hands over at once, at the most: with less credit than this left, reading stops. */
const CHUNK_BYTES = 65_536

/** What is asked of the exchange whose content it is. */
export interface Credited {
  readonly request: { _read(size: number): void }
  readonly server: ServerContext
  readonly policy: PolicyInForce
  readonly framing: Framing
  readonly response: { readonly writableEnded: boolean }
  readonly receivedBytes: number
  /** All of it has come. */
  readonly received: boolean
  readonly handedOn: boolean
  readonly settled: boolean
}

export class Credit {
  readonly #accounts: Account[] = []
  #waits = false
  /** The gate is about to let the request pass: a refusal comes after it. */
  #deciding = false

  constructor(
    private readonly exchange: Credited,
    private readonly onRefused: (refusal: Refusal) => void,
  ) {}

  /** Reading has stopped until a grant has answered. */
  get waits(): boolean {
    return this.#waits
  }

  /** Content may have come before the grants, with the head or while checks were asked: it counts too. */
  add(grants: readonly Grant[]): void {
    this.#accounts.push(...grants.map((grant) => new Account(grant)))
    if (this.exchange.receivedBytes === 0) return
    this.#deciding = true
    this.used()
    this.#deciding = false
  }

  /**
   * Content has come, and stands in `receivedBytes`.
   *
   * @returns Whether to stop reading.
   */
  used(): boolean {
    const { exchange } = this
    if (exchange.settled || !exchange.handedOn) return false
    for (const account of this.#accounts) {
      const left = account.bytes - exchange.receivedBytes
      if (left < 0 && !account.extensible) {
        this.#refuse(contentTooLarge(account.bytes))
        return false
      }
      if (account.extensible && !account.asking && this.#isTimeToAsk(account, left)) {
        this.#ask(account)
      }
      if (account.asking && left < CHUNK_BYTES) this.#waits = true
    }
    return this.#waits
  }

  /** At half of it; after a refusal, or when no more will come, when it is used up. */
  #isTimeToAsk(account: Account, left: number): boolean {
    return account.refused || this.exchange.received ? left < 0 : left * 2 <= account.bytes
  }

  #refuse(refusal: Refusal): void {
    if (this.#deciding) {
      nextTick(() => this.#refuse(refusal))
      return
    }
    const { settled, handedOn, response } = this.exchange
    // Whoever has answered does not need more of it.
    if (!settled && handedOn && !response.writableEnded) this.onRefused(refusal)
  }

  #ask(account: Account): void {
    account.asking = true
    const deadline = nowMs() + this.exchange.policy.contentTimeoutMs
    const wait = new ExtensionWait(deadline, () => this.#answered(account, checkTimedOut()))
    try {
      const answer = account.grant.extend(this.exchange.receivedBytes)
      if (!(answer instanceof Promise)) {
        this.#answered(account, answer)
        return
      }
      this.exchange.server.waits.add(wait)
      answer.then(
        (granted) => this.#answered(account, granted, wait),
        (error) => this.#failed(account, error, wait),
      )
    } catch (error) {
      this.#failed(account, error, wait)
    }
  }

  #failed(account: Account, error: unknown, wait: Wait): void {
    warnOfFault('Extending a grant', error)
    this.#answered(account, checkTimedOut(), wait)
  }

  #answered(account: Account, answer: GrantedBytes, wait?: Wait): void {
    wait?.leave()
    if (!account.asking) return
    account.asking = false
    const { exchange } = this
    if (exchange.settled || !exchange.handedOn) return
    account.refused = isRefusal(answer)
    const late = exchange.response.writableEnded
    if (isRefusal(answer) && exchange.receivedBytes > account.bytes && !late) {
      this.#waits = false
      this.#refuse(answer)
      return
    }
    if (!this.#waits) return
    this.#waits = this.#accounts.some(({ asking }) => asking)
    if (!this.#waits) exchange.request._read(CHUNK_BYTES)
  }
}

class Account {
  asking = false
  refused = false

  constructor(readonly grant: Grant) {}

  get bytes(): number {
    return this.grant.bytes ?? Number.MAX_SAFE_INTEGER
  }

  get extensible(): boolean {
    return this.grant.extensible
  }
}

class ExtensionWait extends ExchangeWait {
  constructor(
    readonly deadline: number,
    private readonly onTime: () => void,
  ) {
    super()
  }

  override expire(): void {
    this.leave()
    this.inItsContext(this.onTime)
  }
}
