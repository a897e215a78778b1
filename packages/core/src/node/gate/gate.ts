// A gate, as everybody who mounts or asks one knows it.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Policy } from '../../policy/policy.js'
import type { Format } from '../../refusal/format.js'
import type { OutcomeKnowledge } from '../observe/gates-met.js'
import type { PendingVerdict, Verdict } from './verdict.js'

export interface Gate<FrameworkRequest extends object = object> {
  readonly policy: Policy
  /**
   * Decides about one request. Answers at once when nothing asynchronous has to be asked.
   *
   * @throws what a check threw, if it was not a `Refusal`; {@link PendingVerdict} tells it later.
   */
  judge(
    request: IncomingMessage,
    response: ServerResponse,
    frameworkRequest: FrameworkRequest,
  ): Verdict | PendingVerdict
  /** The shape of an error on that response: as the gates that the request has met say together. */
  formatOn(response: ServerResponse): Format
}

/** What an adapter adds to a gate: what its framework knows of a request. */
export interface GateKnowledge<FrameworkRequest> extends OutcomeKnowledge<FrameworkRequest> {
  /** What checks are given as `request`. Default: what `judge` was given. */
  readonly requestOf?: (frameworkRequest: FrameworkRequest) => unknown
}
