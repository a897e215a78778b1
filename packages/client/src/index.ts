// Public names, nothing else.

export { EarlyAnswerAgent } from './agent.js'
export type { EarlyAnswerDispatcherOptions } from './dispatcher.js'
export { earlyAnswerDispatcher } from './dispatcher.js'
export { hearOut } from './hear-out.js'
export { MissingPeerError } from './peer.js'
