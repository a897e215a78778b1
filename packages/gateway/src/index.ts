// Public names of `@expectation/gateway`; nothing else lives here.

export type { RelayAttempt, RelayOutcome, RelayVerdict } from '@expectation/core'
export { type AskFirstHandler, type AskFirstOptions, askFirst } from './ask-first/ask-first.js'
export type {
  DispatchAnswer,
  DispatchCallback,
  DispatchRequest,
} from './dispatcher/dispatch-request.js'
export { type Dispatcher, type DispatcherOptions, dispatcher } from './dispatcher/dispatcher.js'
export { type GatewayHandler, gateway } from './gateway.js'
export type { AskOptions } from './options/ask-options.js'
export type {
  ChooseUpstreams,
  GatewayOptions,
  Origins,
  Rewrite,
  RewriteContext,
  RewrittenHead,
} from './options/options.js'
export type { RelayHead } from './options/relay-head.js'
