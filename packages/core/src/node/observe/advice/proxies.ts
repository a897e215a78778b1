// A proxy that answers 100 itself (nginx does, always) hides every expectation from the application:
// refusals still arrive, but only after content has begun to come.

import type { Exchange } from '../exchange.js'
import { mayWarn, warnOnce } from './warn-once.js'

const CODE = 'EXPECTATION_WRN_PROXY_ANSWERS_CONTINUE'
/** curl and the AWS SDKs expect from 1 to 2 MiB on; so many large uploads without one are no chance. */
const LARGE_BYTES = 2 * 2 ** 20
const ENOUGH = 50

let largeProxied = 0
let expected = false

export function adviseOnProxy({ head, expectation, framing }: Exchange): void {
  if (expectation.kind !== 'none') expected = true
  if (expected || framing.kind !== 'length' || framing.bytes < LARGE_BYTES || !mayWarn(CODE)) return
  if (!('via' in head.headers || 'x-forwarded-for' in head.headers)) return
  largeProxied += 1
  if (largeProxied < ENOUGH) return
  warnOnce(
    CODE,
    `${ENOUGH} large uploads came through a proxy, none with an expectation: the proxy seems to ` +
      'answer 100 Continue itself, as nginx does. See docs/proxies.md for what that costs.',
  )
}
