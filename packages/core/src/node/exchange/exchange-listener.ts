// What is done for an exchange that knows neither guards nor answers.

import type { IncomingMessage } from 'node:http'
import type { Refusal } from '../../refusal/refusal.js'
import type { Exchange } from './exchange.js'

/** Told what an exchange cannot act on by itself. */
export interface ExchangeListener {
  /** The 100 is written. */
  continueSent(exchange: Exchange): void
  /** Nobody gets any more of it, whoever asks. */
  contentRefused(request: IncomingMessage): void
  /** The end of the content has come. */
  contentEnded(exchange: Exchange): void
  /** No more content is granted. */
  creditRefused(exchange: Exchange, refusal: Refusal): void
}
