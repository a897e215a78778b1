// Public names of `@expectation/conformance`; nothing else lives here.

export type {
  Area,
  Case,
  Http1Case,
  Http2Case,
  Http2Step,
  Level,
  Role,
  Step,
} from './cases/case.js'
export { cases } from './cases/index.js'
export { type Found, type Generated, type GenerateOptions, generate } from './generated/generate.js'
export { PreflightError } from './run/preflight-error.js'
export { type Count, failuresOf, type Report, type Result, type Verdict } from './run/report.js'
export { type Route, type Routes, RoutesError, readRoutes } from './run/routes.js'
export { type RunOptions, run } from './run/run.js'
export { type Address, readAddress } from './wire/address.js'
export { takeResponse } from './wire/parse-response.js'
export { Observation, RawClient, WaitedInVain, type WaitOptions } from './wire/raw-client.js'
export { type ContentFraming, type FieldLine, WireResponse } from './wire/response.js'
