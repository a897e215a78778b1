// What people write in `admission({ … })`. Defaults and validation are in settings.ts.

import type { CheckContext, RequestHead } from '@expectation/core'
import type { AdmissionStore, OnStoreFailure } from './store.js'

/** How content is counted whose length the head does not tell (chunked, HTTP/2 without a length). */
export interface UnknownLengthOptions {
  /**
   * Bytes claimed when it begins: a number, or text such as `'1mb'`. Much less than uploads usually
   * are lets more of them begin than can end. Default: `'1mb'`.
   */
  readonly first?: number | string | undefined
  /** Bytes added whenever the claim is half used up. Default: `'8mb'`. */
  readonly step?: number | string | undefined
  /**
   * The part of `bytes` that is kept for content that grows: uploads of unknown length begin only
   * below the rest, and the others too while growing content waits. Without it a full pool of
   * uploads that all want more comes to a standstill. From 0, below 1. Default: `0.2`.
   */
  readonly headroom?: number | undefined
  /**
   * How long growing content waits for room, in milliseconds, 0 to 60000; the client is slowed
   * meanwhile, as its content is not read. Then the upload is refused midway. Default: `10000`.
   */
  readonly waitMs?: number | undefined
}

export interface AdmissionOptions<Request = unknown> {
  /** Uploads at a time. With a Redis store: of all processes together. Default: no limit. */
  readonly slots?: number | undefined
  /**
   * Content bytes of all uploads under way: a number, or text such as `'8gb'`. An upload counts
   * with its declared length until it is answered. Default: no limit.
   */
  readonly bytes?: number | string | undefined
  /**
   * Whose upload it is. Called for each upload; may be async; `undefined` for nobody in particular,
   * whom the tenant's limits do not concern. What is not 1 to 64 characters of printable ASCII
   * without spaces is hashed before it is stored. Anything else than a non-empty string or
   * `undefined` is a fault and answers 500.
   */
  readonly tenant?: TenantOf<Request> | undefined
  /** The same as `slots`, for each tenant. Default: no limit. */
  readonly tenantSlots?: number | undefined
  /** The same as `bytes`, for each tenant. Default: no limit. */
  readonly tenantBytes?: number | string | undefined
  /**
   * How content of unknown length is counted: it grows as it comes, or a size that is claimed whole
   * and that the content may not exceed. Without `bytes` and `tenantBytes` it is not counted,
   * unless a size is given. Default: it grows, see {@link UnknownLengthOptions}.
   */
  readonly unknownLength?: number | string | UnknownLengthOptions | undefined
  /**
   * How long an upload waits for a full pool, in milliseconds, 0 to 700. Together with the store's
   * time it must stay below the gate's `checkTimeoutMs` of 800. First come, first served, by this
   * admission in this process, where one tenant's own limit holds up that tenant only. Another process
   * may take what comes free before; of admissions that share a `memoryStore()` the one goes first
   * whose first upload has waited longest. Default: `0`.
   */
  readonly waitMs?: number | undefined
  /** Uploads of this process that may wait at a time; more are refused at once. Default: `1000`. */
  readonly maxWaiting?: number | undefined
  /** Where it is counted. Default: `memoryStore()`, this process alone. */
  readonly store?: AdmissionStore | undefined
  /** What becomes of uploads while the store cannot be asked. Default: `'refuse'`. */
  readonly onStoreFailure?: OnStoreFailure | undefined
  /**
   * Adds `RateLimit-Policy` and `RateLimit` to refusals, as
   * draft-ietf-httpapi-ratelimit-headers-11 has them. Experimental: the draft may change.
   * Default: `false`.
   */
  readonly advertise?: boolean | undefined
}

/** Written as a method type, which makes it bivariant in `Request`, as checks are. */
export type TenantOf<Request> = {
  tenant(
    head: RequestHead,
    context: CheckContext<Request>,
  ): string | undefined | PromiseLike<string | undefined>
}['tenant']
