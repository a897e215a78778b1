// Public names of the pure part, nothing else. No import from here reaches `node:*`.

export type { DecideContext } from './decide/checks.js'
export { decideFully } from './decide/checks.js'
export { decide } from './decide/decide.js'
export type { Decision, PassDecision, RefuseDecision } from './decide/decision.js'
export type { Framing } from './head/framing.js'
export { parseFraming } from './head/framing.js'
export { readExpectation } from './head/head-facts.js'
export type { HeadView as RequestHead } from './head/head-view.js'
export type { HeaderFields, HttpVersion, RequestHead as PlainHead } from './head/request-head.js'
export type { OpenApiOptions } from './openapi/components.js'
export { openApiComponents, openApiResponses } from './openapi/components.js'
export type { OpenApiComponents, OpenApiReference } from './openapi/document.js'
export { liftOpenApiResponses } from './openapi/lift.js'
export type { AdmissionChange, AdmissionEvent, AdmissionLevel } from './outcome/admission-event.js'
export { ADMISSION_CHANNEL } from './outcome/admission-event.js'
export type {
  ConnectionEnd,
  LingerEnd,
  Outcome,
  OutcomeDecision,
} from './outcome/outcome.js'
export type { RelayAttempt, RelayOutcome, RelayVerdict } from './outcome/relay-outcome.js'
export { RELAY_CHANNEL } from './outcome/relay-outcome.js'
export type { Expectation, ExpectationMember, ExpectationParameter } from './parse/expect.js'
export { parseExpect } from './parse/expect.js'
export type { AnswerHeaders } from './policy/answer-headers.js'
export { readCallback, readLogger } from './policy/callback-options.js'
export type {
  Check,
  CheckAnswer,
  CheckContext,
  ExtensionAnswer,
  ExtensionExpectation,
} from './policy/check.js'
export type { ErrorContext, ErrorHandlerOptions, ErrorPolicy } from './policy/error-options.js'
export { compileErrorPolicy } from './policy/error-options.js'
export type { GrantEnd, GrantedBytes, GrantOptions } from './policy/grant.js'
export { Grant, isGrant } from './policy/grant.js'
export type { Limited, LimitOf } from './policy/limit-of.js'
export type { Logger, LogMethod } from './policy/logger.js'
export { mergeOptions } from './policy/merge-options.js'
export type { ExpectationOptions, LingerOptions } from './policy/options.js'
export type { PathPolicy } from './policy/policies.js'
export type { Policy } from './policy/policy.js'
export { compilePolicy, optionNames } from './policy/policy.js'
export { withoutQuery } from './policy/request-path.js'
export type { LingerPolicy, SaidOptions } from './policy/said-options.js'
export { isThenable } from './policy/thenable.js'
export type { BodyFormatter, Format, RenderedError } from './refusal/body.js'
export { renderError } from './refusal/body.js'
export { isReplacedByError, withCarried } from './refusal/carried.js'
export type { CatalogueEntry, CatalogueReason } from './refusal/catalogue.js'
export { catalogue, reasonFor, titleFor } from './refusal/catalogue.js'
export type { ErrorFacts } from './refusal/error-facts.js'
export { describeError } from './refusal/error-facts.js'
export { isFieldName, isFieldValue } from './refusal/header-field.js'
export type { JsonObject, JsonValue } from './refusal/json.js'
export type { RefusalOptions } from './refusal/refusal.js'
export { isPlanned, isRefusal, Refusal } from './refusal/refusal.js'
export type { RefusedBy } from './refusal/refused-by.js'
export { notFound, repeatedHost, tooManyFields } from './refusal/stock.js'
export type { OptionErrorCode, OptionFault } from './validation/option-error.js'
export { OptionError } from './validation/option-error.js'
export {
  readBoolean,
  readChoice,
  readCount,
  readMilliseconds,
  readSize,
} from './validation/read-option.js'
export { rejectUnknownNames } from './validation/unknown-names.js'
