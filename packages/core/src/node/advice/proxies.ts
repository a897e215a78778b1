// A proxy that answers 100 itself (nginx does, always) hides every expectation from the application:
// refusals still arrive, but only after content has begun to come.

import type { Exchange } from '../exchange/exchange.js'
import { mayWarn, warnOnce } from './warn-once.js'

const CODE = 'EXPECTATION_WRN_PROXY_ANSWERS_CONTINUE'
/** These ask from 1 to 2 MiB on; browsers, `fetch` and most libraries never do. */
const ASKING_CLIENT = /^(?:curl|aws-sdk|aws-cli|Boto)/i
const LARGE_BYTES = 2 * 2 ** 20
const ENOUGH = 50

let largeProxied = 0
let expected = false

export function adviseOnProxy({ head, expectation, framing }: Exchange): void {
  if (expectation.kind !== 'none') expected = true
  if (expected || framing.kind !== 'length' || framing.bytes < LARGE_BYTES || !mayWarn(CODE)) return
  if (!('via' in head.headers || 'x-forwarded-for' in head.headers)) return
  if (!ASKING_CLIENT.test(String(head.headers['user-agent']))) return
  largeProxied += 1
  if (largeProxied < ENOUGH) return
  warnOnce(
    CODE,
    `${ENOUGH} large uploads of clients that ask came through a proxy, none with an expectation: it seems to ` +
      'answer 100 Continue itself, as nginx does. See docs/proxies.md for what that costs.',
  )
}
