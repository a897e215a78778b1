// `writeContinue` of a response whose request expects something, and `writeInformation` with 100, which newer releases
// of Node have and write their 100 with: the 100 is written once, and only while it is owed. Law: what it
// tells its caller is what Node's own would tell.

import type { ServerResponse } from 'node:http'
import { exchangeOfResponse } from '../exchange/find-exchange.js'
import { nextTick } from '../timers.js'

type Inform = (status: number, fields?: unknown, callback?: () => void) => unknown

type ContinueWriter = { writeContinue(callback?: () => void): unknown; writeInformation?: Inform }

const INFORMS = Symbol('informs')

/** What is known of the informational responses of one response. */
interface Informs {
  /** As it was before. */
  readonly original: Inform
  /** The 100 is out, or on its way. */
  written: boolean
  /** Of the 100 that the application has asked for. */
  fields: unknown
}

type Guarded = ServerResponse & { [INFORMS]?: Informs }

export function guardContinue(response: ServerResponse): void {
  const guarded: ContinueWriter & { [INFORMS]?: Informs } = response
  guarded.writeContinue = writeContinueOnce
  const { writeInformation: original } = guarded
  if (original === undefined) return
  guarded[INFORMS] = { original, written: false, fields: undefined }
  guarded.writeInformation = inform
}

/**
 * @returns Nothing on HTTP/1; on HTTP/2 whether a 100 could still be written.
 */
function writeContinueOnce(this: ServerResponse, callback?: () => void): boolean | undefined {
  const exchange = exchangeOfResponse(this)
  const inTime = !this.headersSent
  exchange?.contentWanted()
  if (typeof callback === 'function') nextTick(callback)
  return exchange?.head.version === '2.0' ? inTime : undefined
}

function inform(this: Guarded, ...given: Parameters<Inform>): unknown {
  const informs = this[INFORMS]
  const continuation = exchangeOfResponse(this)?.continuation
  const [status, fields, callback] = given
  if (informs === undefined) return undefined
  // Node itself says what it thinks of one that comes too late.
  if (status !== 100 || this.headersSent || continuation === 'none') {
    return Reflect.apply(informs.original, this, given)
  }
  if (continuation === 'sent' && !informs.written) {
    // Node's own `writeContinue`, which the exchange has called.
    informs.written = true
    return Reflect.apply(informs.original, this, [status, informs.fields ?? fields, callback])
  }
  informs.fields = fields
  writeContinueOnce.call(this, callback)
  return true
}
