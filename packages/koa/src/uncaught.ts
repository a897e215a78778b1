// A refusal that no error handler catches: Koa itself would answer it, in plain text. Also one that comes
// while the content is read, as an error of its stream.
//
// One function for all contexts. A closure for each kept refused exchanges alive through V8's
// scavenges, until the next full collection, which doubled what a refusal cost.

import { describeError, type Refusal } from '@expectation/core'
import { exchangeOf, type Gate, requestHeadOf, writeError } from '@expectation/core/node'
import type { Context } from 'koa'

const REFUSED = Symbol('@expectation/koa.refused')

interface Refused {
  /** Absent when the gate let it pass: then it is what is decided later. */
  readonly refusal: Refusal | undefined
  readonly gate: Pick<Gate, 'formatOn'>
  /** What takes the other errors of the context. */
  readonly onerror: Context['onerror']
}

type RefusedContext = Context & { [REFUSED]?: Refused }

/** To be called before the refusal is thrown, or with none before content is read. */
export function answerIfUncaught(
  context: RefusedContext,
  refusal: Refusal | undefined,
  gate: Refused['gate'],
): void {
  // Another gate's refusal of the same request may have been caught before.
  const earlier = context.onerror === onerror ? context[REFUSED] : undefined
  context[REFUSED] = { refusal, gate, onerror: earlier?.onerror ?? context.onerror }
  context.onerror = onerror
}

function onerror(this: RefusedContext, error: Error): void {
  const refused = this[REFUSED]
  const refusal = refused?.refusal ?? decidedLater(this)
  if (refused !== undefined && refusal !== undefined && error === refusal) {
    this.app.emit('error', error, this)
    const facts = describeError(error)
    writeError(this.res, requestHeadOf(this.req), facts, refused.gate.formatOn(this.res))
  } else {
    refused?.onerror.call(this, error)
  }
}

function decidedLater({ req }: Context): Refusal | undefined {
  const decision = exchangeOf(req)?.decision
  return decision?.kind === 'refuse' ? decision.refusal : undefined
}
