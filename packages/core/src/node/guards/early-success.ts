// A 2xx whose request still waits for a 100. Law: who reads the content, or begins a 2xx before it was
// read, wants the content, so the 100 goes before the final head (RFC 9110 section 15.2.1 allows it at any
// time before). Otherwise it would be moot, and the client might never send.

import type { Exchange } from '../exchange/exchange.js'
import { isRead } from '../exchange/readers.js'

/** The final head is about to be written, and the answer may be whole with it. */
export function continueForReader(exchange: Exchange, status: number): void {
  if (isSuccess(status) && exchange.continuation === 'owed' && isRead(exchange)) {
    exchange.contentWanted()
  }
}

/** The answer begins, and its end is still to come. */
export function continueForBeginning(exchange: Exchange, status: number): void {
  if (waitsBehindHead(exchange, status)) exchange.contentWanted()
}

/** Whether a head of that status would take the place of a 100. */
export function waitsBehindHead(exchange: Exchange, status: number): boolean {
  return exchange.continuation === 'owed' && exchange.handedOn && isSuccess(status)
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}
