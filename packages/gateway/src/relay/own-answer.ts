// An error where no framework is there to answer it: a bare server.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { describeError, isPlanned } from '@expectation/core'
import { clientHasLeft, requestHeadOf, writeError } from '@expectation/core/node'

export function answerError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): void {
  const facts = describeError(error)
  // An upstream that failed is a refusal with a cause, which nobody else is told here.
  if (facts.status >= 500 && !isPlanned(error)) console.error(error)
  if (!clientHasLeft(request, response)) writeError(response, requestHeadOf(request), facts)
}
