// Where outcomes are published. Nothing is built for a channel that nobody listens to.

import { channel } from 'node:diagnostics_channel'

/** Name of the channel; the message is an `Outcome`. */
export const OUTCOME_CHANNEL = 'expectation:outcome'

export const outcomeChannel = channel(OUTCOME_CHANNEL)
