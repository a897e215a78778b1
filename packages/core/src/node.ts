// The Node layer's public names: `attach` for everybody, the rest for people who write adapters.

export { clientHasLeft, renderAnswer, writeError } from './node/answer.js'
export { attach, detach } from './node/attach.js'
export type { AttachableServer } from './node/attachment-types.js'
export { announceApplication, announceGate, attachMounted } from './node/automatic.js'
export {
  CHANNELS,
  type ClientErrorAnswered,
  type DecisionEnd,
  type DecisionStart,
  type LingerFinish,
  type LingerStart,
  type RequestDropped,
} from './node/channels.js'
export { exchangeOf } from './node/exchange.js'
export { createGate, type Gate, type GateKnowledge, type Verdict } from './node/gate.js'
export { requestHeadOf } from './node/request-head.js'
