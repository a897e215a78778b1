// Behind OpenTelemetry's HTTP instrumentation each refusal is seen as one span, with its status:
// tracing wraps `emit('request')`, and a refusal must not be answered around it (law 7).
import type { Project } from './project.js'

const start = `
const { context, propagation, SpanKind } = require('@opentelemetry/api')
const { NodeTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-node')
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
provider.register()
const instrumentation = new HttpInstrumentation()
instrumentation.setTracerProvider(provider)
instrumentation.enable()

const http = require('node:http')
const probe = require('./probe.cjs')
const options = { maxContentLength: 100 }
const drain = async (content) => { for await (const part of content); return 'stored' }
const servers = {
  express: () => {
    const express = require('express')
    const { expectation, errorHandler } = require('@expectation/express')
    return http.createServer(express().use(expectation(options))
      .put('/files/:name', async (req, res) => res.send(await drain(req))).use(errorHandler()))
  },
  koa: () => {
    const Koa = require('koa')
    const { expectation, errorHandler } = require('@expectation/koa')
    return http.createServer(new Koa().use(errorHandler()).use(expectation(options))
      .use(async (ctx) => { ctx.body = await drain(ctx.req) }).callback())
  },
  fastify: async () => {
    const app = require('fastify')()
    app.addContentTypeParser('*', (_request, content, done) => done(null, content))
    await app.register(require('@expectation/fastify'), options)
    app.put('/files/:name', (request) => drain(request.raw))
    await app.ready()
    return app.server
  },
  bare: () => {
    const { attach } = require('@expectation/core/node')
    return attach(http.createServer(async (req, res) => res.end(await drain(req))), options)
  },
}
const run = async () => {
  const seen = {}
  for (const [name, make] of Object.entries(servers)) {
    exporter.reset()
    const port = await probe.listen(await make())
    const statuses = []
    for (const fields of [probe.large, probe.unknown, probe.polite, probe.large.slice(1)]) {
      statuses.push((await probe.ask(port, fields)).at(-1))
    }
    // A span ends with its response; the last one may still be ending.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5))
    const spans = exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.SERVER)
    const traced = spans.map(({ attributes }) =>
      attributes['http.response.status_code'] ?? attributes['http.status_code'])
    seen[name] = { statuses, traced }
  }
  console.log(JSON.stringify(seen))
  process.exit(0)
}
run()
`

export function tracing(project: () => Project): void {
  test('law 7: OpenTelemetry sees each refusal as one span, on every adapter', async () => {
    const ended = await project().node('tracing.cjs', start)
    const statuses = [413, 417, 200, 413]
    const each = { statuses, traced: statuses }
    expect(ended.report()).toEqual({ express: each, koa: each, fastify: each, bare: each })
  })
}
