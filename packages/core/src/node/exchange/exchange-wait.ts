// A wait of one exchange. Law: what it does when its time is up (an error for who reads, a close) happens in the
// context in which it began to wait, whatever request the timer of all waits was made for.

import { currentContext } from '../observe/async-context.js'
import { Wait } from './deadlines.js'

export abstract class ExchangeWait extends Wait {
  protected readonly inItsContext = currentContext()
}
