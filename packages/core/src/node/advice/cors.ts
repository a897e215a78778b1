// A page of another origin sees nothing of an answer without CORS fields: fetch reports "Failed to fetch"
// in place of the refusal.

import type { Exchange } from '../exchange/exchange.js'
import { mayWarn, warnOnce } from './warn-once.js'

const CODE = 'EXPECTATION_WRN_REFUSAL_WITHOUT_CORS'

/** @param allowed - Looks up `Access-Control-Allow-Origin` of the answer. */
export function adviseOnCors({ decision, head }: Exchange, allowed: () => unknown): void {
  if (decision?.kind !== 'refuse' || !mayWarn(CODE)) return
  const { origin, host } = head.headers
  if (origin === undefined || origin === 'null' || hostOf(String(origin)) === host) return
  if (allowed() !== undefined) return
  warnOnce(
    CODE,
    'A refusal answered a request of another origin without Access-Control-Allow-Origin: the page sees ' +
      'a network error in place of it. Mount cors() before the gate.',
  )
}

function hostOf(origin: string): string {
  return origin.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
}
