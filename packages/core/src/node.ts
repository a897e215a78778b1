// The Node layer's public names: `attach` for everybody, the rest for people who write adapters
// (docs/adapters.md).

export { adviseOnBodyLimit } from './node/advice/exchange-advice.js'
export { breakOff, clientHasLeft, isAnsweredAlready } from './node/answer/break-off.js'
export { renderAnswer, writeError } from './node/answer/write-error.js'
export { exchangeOf, requestHeadOf } from './node/exchange/find-exchange.js'
export { concernsUs } from './node/exchange/request-head.js'
export type { AttachableServer } from './node/exchange/server-context.js'
export { type AttachOptions, attach, detach } from './node/gate/attach.js'
export { createGate } from './node/gate/create-gate.js'
export type { Gate, GateKnowledge } from './node/gate/gate.js'
export { PendingVerdict, type Verdict, type VerdictListener } from './node/gate/verdict.js'
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
} from './node/observe/channels.js'
export { callUserCode } from './node/observe/user-code.js'
export { type MountReader, readMount, readMountsWith } from './node/server/application-walk.js'
export { announceApplication, announceGate, attachMounted } from './node/server/find-servers.js'
