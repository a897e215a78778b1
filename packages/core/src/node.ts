// The Node layer's public names: `attach` for everybody, the rest for people who write adapters.

export { adviseOnBodyLimit } from './node/advice/exchange-advice.js'
export { breakOff, clientHasLeft, renderAnswer, writeError } from './node/answer.js'
export { attach, detach } from './node/attach.js'
export type { AttachableServer } from './node/attachment-types.js'
export { announceApplication, announceGate, attachMounted } from './node/automatic.js'
export {
  type AnswerBegun,
  CHANNELS,
  type ClientErrorAnswered,
  type ContinueSent,
  type DecisionEnd,
  type DecisionMade,
  type DecisionStart,
  type LingerFinish,
  type LingerStart,
  type RequestDropped,
} from './node/channels.js'
export { exchangeOf, requestHeadOf } from './node/exchange.js'
export { createGate, type Gate, type GateKnowledge } from './node/gate.js'
export { concernsUs } from './node/request-head.js'
export { PendingVerdict, type Verdict, type VerdictListener } from './node/verdict.js'
