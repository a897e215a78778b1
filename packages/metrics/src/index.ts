// Public names of `@expectation/metrics`; nothing else lives here.

export type { MetricsOptions } from './metrics-options.js'
export { openTelemetry } from './opentelemetry.js'
export { prometheus } from './prometheus.js'
export type { Stoppable } from './recorder.js'
