// A real OpenTelemetry SDK with exporters in memory, and the real instrumentation of node:http,
// which begins the spans of requests. Set up as a process does it; taken down after the file.

import http from 'node:http'
import { context, metrics, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'

export interface Telemetry {
  /** What has been exported under our names, after a flush. */
  metrics(): Promise<readonly MetricData[]>
  /** Spans that have ended. */
  readonly spans: InMemorySpanExporter
}

/** @param outgoing - Spans of requests that this process makes, too. */
export function startTelemetry({ outgoing = false } = {}): Telemetry {
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter })
  const meterProvider = new MeterProvider({ readers: [reader] })
  const spans = new InMemorySpanExporter()
  const tracerProvider = new NodeTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(spans)],
  })
  metrics.setGlobalMeterProvider(meterProvider)
  trace.setGlobalTracerProvider(tracerProvider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const unpatch = instrument(outgoing)
  afterAll(async () => {
    unpatch()
    await meterProvider.shutdown()
    await tracerProvider.shutdown()
    for (const api of [metrics, trace, context]) api.disable()
  })
  return {
    spans,
    async metrics() {
      metricExporter.reset()
      await reader.forceFlush()
      return metricExporter
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .filter(({ scope }) => scope.name === '@expectation/metrics')
        .flatMap((scope) => scope.metrics)
    },
  }
}

/** Jest's `require` is not Node's, so the instrumentation does not find node:http by itself. */
function instrument(outgoing: boolean): () => void {
  const instrumentation = new HttpInstrumentation({
    disableOutgoingRequestInstrumentation: !outgoing,
  })
  const definition = instrumentation.getModuleDefinitions().find(({ name }) => name === 'http')
  if (definition?.patch === undefined) throw new Error('The instrumentation has changed')
  definition.patch(http)
  return () => definition.unpatch?.(http)
}

export function eventsOf(span: ReadableSpan): readonly string[] {
  return span.events.map(({ name }) => name)
}
