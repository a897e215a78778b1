// Several adapters, several servers, several copies of the packages in one process: they share one
// state where they must, and do not disturb one another.
import type { Project } from './project.js'

const start = `
const http = require('node:http')
const probe = require('./probe.cjs')
const express = require('express')
const Koa = require('koa')
const fastify = require('fastify')
const drain = async (content) => {
  try { for await (const part of content); } catch { return 'broken off' }
  return 'stored'
}
const onExpress = ({ expectation, errorHandler }, limit) => http.createServer(express()
  .use(expectation({ maxContentLength: limit }))
  .put('/files/:name', async (req, res) => res.send(await drain(req)))
  .use(errorHandler()))
const onKoa = ({ expectation, errorHandler }, limit) => http.createServer(new Koa()
  .use(errorHandler()).use(expectation({ maxContentLength: limit }))
  .use(async (ctx) => { ctx.body = await drain(ctx.req) }).callback())
const onFastify = async ({ expectation }, limit) => {
  const app = fastify()
  app.addContentTypeParser('*', (_request, content, done) => done(null, content))
  await app.register(expectation, { maxContentLength: limit })
  app.put('/files/:name', (request) => drain(request.raw))
  await app.ready()
  return app.server
}
const plain = () => http.createServer(async (req, res) => res.end(await drain(req)))
const look = async (server) => {
  const port = await probe.listen(server)
  return async () => [await probe.ask(port, probe.polite), await probe.ask(port, probe.large)]
}
const finish = (value) => { console.log(JSON.stringify(value)); process.exit(0) }
`

/** The large upload is asked for; the client leaves it unfinished, and Node says 400. */
const wide = [
  [100, 200],
  [100, 400],
]
const narrow = [[100, 200], [413]]

export function together(project: () => Project): void {
  test('three adapters, two servers each, and a plain server: each follows its own policy', async () => {
    const ended = await project().node(
      'together.cjs',
      `${start}
      const run = async () => {
        const made = {
          express: onExpress(require('@expectation/express'), 100),
          wide: onExpress(require('@expectation/express'), 10000),
          koa: onKoa(require('@expectation/koa'), 100),
          fastify: await onFastify(require('@expectation/fastify'), 100),
          plain: plain(),
        }
        const asks = {}
        for (const [name, server] of Object.entries(made)) asks[name] = await look(server)
        const seen = {}
        for (const round of [1, 2]) {
          for (const [name, ask] of Object.entries(asks)) seen[name + round] = await ask()
        }
        seen.untouched = made.plain.listenerCount('checkContinue') + made.plain.listenerCount('checkExpectation')
        finish(seen)
      }
      run()`,
    )
    expect(ended.report()).toEqual({
      express1: narrow,
      express2: narrow,
      koa1: narrow,
      koa2: narrow,
      fastify1: narrow,
      fastify2: narrow,
      plain1: wide,
      plain2: wide,
      wide1: wide,
      wide2: wide,
      untouched: 0,
    })
  })

  test('two copies of the packages in one process: one 100, one answer, one Refusal', async () => {
    project().copyAs('second')
    project().write(
      'second/index.cjs',
      `module.exports = {
        core: require('@expectation/core'),
        express: require('@expectation/express'),
        node: require('@expectation/core/node'),
      }`,
    )
    const ended = await project().node(
      'copies.cjs',
      `${start}
      const first = { core: require('@expectation/core'), express: require('@expectation/express'), node: require('@expectation/core/node') }
      const second = require('./second/index.cjs')
      const thrower = (Refusal) => (req, res, next) => next(new Refusal(429, { reason: 'quota_exhausted' }))
      const run = async () => {
        const { express: one } = first, { express: two } = second
        const both = http.createServer(express()
          .use(one.expectation({ maxContentLength: 1000 }))
          .use(two.expectation({ maxContentLength: 100 }))
          .put('/files/:name', async (req, res) => res.send(await drain(req)))
          .use(one.errorHandler()))
        const attached = onExpress(one, 100)
        first.node.attach(attached)
        second.node.attach(attached)
        const foreign = http.createServer(express().use(one.expectation())
          .use(thrower(two.Refusal)).use(one.errorHandler()))
        const made = new second.core.Refusal(403)
        finish({
          different: first.core.Refusal !== second.core.Refusal,
          gates: await (await look(both))(),
          attached: await (await look(attached))(),
          foreign: await probe.ask(await probe.listen(foreign), probe.polite),
          isRefusal: first.core.isRefusal(made),
          instance: made instanceof first.core.Refusal,
        })
      }
      run()`,
    )
    expect(ended.report()).toEqual({
      different: true,
      gates: narrow,
      attached: narrow,
      foreign: [429],
      isRefusal: true,
      instance: true,
    })
  })
}
