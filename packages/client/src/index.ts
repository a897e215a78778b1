// Public names, nothing else.

export { EarlyAnswerAgent } from './agent.js'
export type { UploadResponse } from './answer/response.js'
export type { Body, Produced } from './content/body.js'
export type { EarlyAnswerDispatcherOptions } from './dispatcher.js'
export { earlyAnswerDispatcher } from './dispatcher.js'
export type { UploadErrorCode } from './errors.js'
export { UploadError } from './errors.js'
export type { FieldsInput } from './fields.js'
export { hearOut } from './hear-out.js'
export type { OptionErrorCode } from './option-error.js'
export { OptionError } from './option-error.js'
export type {
  Information,
  Progress,
  RetryOptions,
  UploadOptions,
} from './options/types.js'
export { MissingPeerError } from './peer.js'
export type { AttemptReason, AttemptReport, UploadReport, Verdict } from './report.js'
export { upload } from './upload.js'
