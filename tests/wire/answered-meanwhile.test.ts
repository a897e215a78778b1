// Law 0: who answers while a check is asked (a timeout in front of the gate) has answered. The refusal that comes
// then is not written behind it, and ends no process.
import { runChild } from '../support/run-child.js'

const script = `
import http from 'node:http'
import net from 'node:net'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import { attach } from '@expectation/core/node'
import { Refusal } from '@expectation/core'
import { expectation as forExpress } from '@expectation/express'
import { expectation as forFastify } from '@expectation/fastify'
import { expectation as forKoa } from '@expectation/koa'

const checks = [async () => { await wait(60); return new Refusal(403) }]
const before = (response, how) => setTimeout(() => {
  response.writeHead(503)
  if (how === 'whole') response.end('late')
  else response.write('l')
}, 10)

const servers = {
  express: async (how) => http.createServer(express()
    .use((_request, response, next) => { before(response, how); next() })
    .use(forExpress({ checks }))),
  koa: async (how) => http.createServer(new Koa()
    .use((ctx, next) => { before(ctx.res, how); return next() })
    .use(forKoa({ checks })).callback()),
  fastify: async (how) => {
    const app = fastify()
    app.addHook('onRequest', (_request, reply, done) => { before(reply.raw, how); done() })
    await app.register(forFastify, { checks })
    await app.ready()
    return app.server
  },
  bare: async (how) => {
    const server = http.createServer(() => {})
    const { emit } = server
    const seen = []
    attach(server, { checks: [async (head) => { before(seen.pop(), how); return await checks[0](head) }] })
    const attached = server.emit
    server.emit = function (name, ...given) {
      if (name === 'request') seen.push(given[1])
      return Reflect.apply(attached, this, [name, ...given])
    }
    return server
  },
}

const report = {}
process.on('unhandledRejection', (error) => { report.unhandled = String(error) })
process.on('uncaughtException', (error) => { report.uncaught = String(error) })
async function main() {
for (const how of ['whole', 'begun']) {
  for (const [name, make] of Object.entries(servers)) {
    const server = await make(how)
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    const socket = net.connect(server.address().port, '127.0.0.1').on('error', () => {})
    let seen = ''
    socket.on('data', (bytes) => { seen += bytes })
    socket.write('PUT / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 2\\r\\n\\r\\nhi')
    if (how === 'whole') await wait(200)
    else await once(socket, 'close', { signal: AbortSignal.timeout(3000) })
    report[name + ' ' + how] = seen.slice(9, 13) + (seen.endsWith('0\\r\\n\\r\\n') ? 'whole' : 'broken off')
    socket.destroy()
    server.close()
  }
}
console.log(JSON.stringify(report))
process.exit()
}
main()
`

const names = ['express', 'koa', 'fastify', 'bare']

test('what was answered stays, what was begun is broken off, and the process lives', async () => {
  const end = await runChild(script, { withinMs: 20_000 })
  expect(end.report()).toEqual(
    Object.fromEntries(
      names.flatMap((name) => [
        [`${name} whole`, '503 whole'],
        [`${name} begun`, '503 broken off'],
      ]),
    ),
  )
})
