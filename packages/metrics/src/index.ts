// Public names of `@expectation/metrics`; nothing else lives here.

export { openTelemetry } from './opentelemetry.js'
export { prometheus } from './prometheus.js'
export type { Stoppable } from './recorder.js'
