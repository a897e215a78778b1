// The head of a request, as the gateway's callbacks see it.

import type { requestHeadOf } from '@expectation/core/node'

/** Method, target, version and fields of a request; plain data. */
export type RelayHead = ReturnType<typeof requestHeadOf>
