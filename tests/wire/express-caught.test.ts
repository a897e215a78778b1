// A refusal of the gate goes to the error handler that Express would find for it, and only where there is none
// it is answered in the error shape. Plain middleware that passes an error on stands beside each gate: it
// shows whether Express finds a handler.
import http from 'node:http'
import { errorHandler, expectation, Refusal } from '@expectation/express'
import type { ErrorRequestHandler, Express, RequestHandler, Router } from 'express'
import { keepConsoleErrors } from '../support/console.js'
import { type Module, majors } from '../support/express-majors.js'
import type { WireResponse } from '../support/parse-response.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody } from '../support/refusal.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'
import { traced } from '../support/traced-layers.js'

keepConsoleErrors()

const save: RequestHandler = (_request, response) => void response.send('saved')

const caught: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(error.status).send('caught')
}

/** The content goes to `/upload/a`. */
type Arrange = (app: Express, gate: RequestHandler, module: Module) => unknown

function routed(gate: RequestHandler, { Router }: Module): Router {
  return Router().use(gate).put('/a', save)
}

const elsewhere: Readonly<Record<string, Arrange>> = {
  'under another path': (app, gate) => app.use(gate).use('/admin', caught),
  'under other paths': (app, gate) => app.use(gate).use(['/admin', '/other'], caught),
  'under an expression': (app, gate) => app.use(gate).use(/^\/adm/, caught),
  'under the beginning of a segment': (app, gate) => app.use(gate).use('/up', caught),
  'under an expression that ends in a segment': (app, gate) => app.use(gate).use(/^\/up/, caught),
  'under a longer path': (app, gate) => app.use('/upload', gate).use('/upload/a/b', caught),
  'under the path below the gate': (app, gate) => app.use('/upload', gate).use('/a', caught),
  'in another route': (app, gate) => app.use(gate).post('/other', save, caught),
  'in the route itself, behind the gate': (app, gate) =>
    app.use(gate).put('/upload/:name', save, caught),
  'in the route, of another method': (app, gate) =>
    app.route('/upload/:name').put(gate, save).post(save, caught),
  'in a route with a router, of another method': (app, gate, { Router }) =>
    app.route('/upload/:name').put(Router().use(gate)).post(save, caught),
  'in a router of the same path': (app, gate, { Router }) =>
    app.use(gate).use('/upload', Router().use(caught)),
  'in the router, under another path': (app, gate, module) =>
    app.use('/upload', routed(gate, module).use('/b', caught)),
  'behind the router, under another path': (app, gate, module) =>
    app.use('/upload', routed(gate, module)).use('/a', caught),
  'behind an application that is mounted': (app, gate, module) =>
    app.use('/upload', module().use(gate)).use('/admin', caught),
  'in front of an application that is mounted': (app, gate, module) =>
    app.use(caught).use('/upload', module().use(gate)),
  'in front of the gate': (app, gate) => app.use(caught).use(gate),
}

const inTheWay: Readonly<Record<string, Arrange>> = {
  'for all paths': (app, gate) => app.use(gate).use(caught),
  'under the path': (app, gate) => app.use(gate).use('/upload', caught),
  'under the path in capitals': (app, gate) => app.use(gate).use('/UPLOAD/', caught),
  'under one of the paths': (app, gate) => app.use(gate).use(['/admin', '/upload'], caught),
  'under an expression': (app, gate) => app.use(gate).use(/^\/up[a-z]+/, caught),
  'under a parameter': (app, gate) => app.use(gate).use('/:any', caught),
  'in the route': (app, gate) => app.put('/upload/:name', gate, save, caught),
  'in the route, of all methods': (app, gate) => app.route('/upload/a').all(gate).put(save, caught),
  'in a route, behind a router': (app, gate, { Router }) =>
    app.put('/upload/:name', Router().use(gate), save, caught),
  'behind a route with a router': (app, gate, { Router }) =>
    app.put('/upload/:name', Router().use(gate), save).use('/upload', caught),
  'in the second route that the gate is on': (app, gate) =>
    app.get('/upload/a', gate, save).put('/upload/:name', gate, save, caught),
  'under the longer path of the second mount': (app, gate) =>
    app.use('/other', gate).use('/upload', gate).use('/upload/a', caught),
  'in the router': (app, gate, module) =>
    app.use('/upload', routed(gate, module).use('/a', caught)),
  'behind the router': (app, gate, module) =>
    app.use('/upload', routed(gate, module)).use('/upload/a', caught),
  'behind the second mount of a router': (app, gate, module) => {
    const router = routed(gate, module)
    app.use('/other', router).use('/upload', router).use('/upload/a', caught)
  },
  'behind an application that is mounted': (app, gate, module) =>
    app.use('/upload', module().use(gate)).use('/upload', caught),
  'behind two applications': (app, gate, module) =>
    app.use('/upload', module().use('/a', module().use(gate)).use('/a', caught)),
  'under a path that was written over': (app, gate) =>
    app.use(to('/moved/b'), gate).use('/moved', caught),
  'under a path that was written over in a router': (app, gate, { Router }) =>
    app.use('/upload', Router().use(to('/b'), gate)).use('/upload/b', caught),
  'in a route that wrote its path over': (app, gate) =>
    app.put('/upload/a', to('/b'), gate).use('/b', caught),
}

function to(url: string): RequestHandler {
  return (request, _response, next) => {
    request.url = url
    next()
  }
}

const refusal = new Refusal(413, { reason: 'content_too_large' })
const plain: RequestHandler = (_request, _response, next) => next(refusal)

async function ask(listener: http.RequestListener, target = '/upload/a'): Promise<WireResponse> {
  const client = await RawClient.connect(await serve(http.createServer(listener)))
  client.send(head({ target, expect: '100-continue', length: 5000 }))
  return await client.final()
}

type Leave = (app: Express) => Express

const ways: readonly (readonly [string, Leave])[] = [
  ['as it is', (app) => app],
  ['traced', traced],
]

function both(
  arrange: Arrange,
  module: Module,
  leave: Leave = (app) => app,
): readonly [plain: Express, ours: Express] {
  const made = [plain, expectation({ maxContentLength: '1kb' })].map((gate) => {
    const app = module().disable('x-powered-by')
    arrange(app, gate, module)
    return leave(app)
  })
  return made as unknown as readonly [Express, Express]
}

for (const [major, module] of majors) {
  for (const [way, leave] of ways) {
    for (const [where, arrange] of Object.entries(elsewhere)) {
      test(`packages/express/README.md: a handler ${where} changes no refusal: ${major}, ${way}`, async () => {
        const [without, ours] = both(arrange, module, leave)
        expect((await ask(without)).text).not.toBe('caught')
        checkBody(await ask(ours), 413, 'content_too_large')
      })
    }

    for (const [where, arrange] of Object.entries(inTheWay)) {
      test(`law 0: a handler ${where} gets the refusal: ${major}, ${way}`, async () => {
        const [without, ours] = both(arrange, module, leave)
        expect((await ask(without)).text).toBe('caught')
        expect((await ask(ours)).text).toBe('caught')
      })
    }
  }

  for (const target of ['/upload?to=/admin', '/upload/', 'http://localhost/upload/a']) {
    test(`law 0: a handler under the path of ${target} gets the refusal: ${major}`, async () => {
      const [, ours] = both((app, gate) => app.use('/upload', gate).use('/upload', caught), module)
      expect((await ask(ours, target)).text).toBe('caught')
      const [, other] = both((app, gate) => app.use('/upload', gate).use('/admin', caught), module)
      checkBody(await ask(other, target), 413, 'content_too_large')
    })
  }

  test(`law 0: a handler under an expression gets the refusal of a long path: ${major}`, async () => {
    const target = `/upload${'/a'.repeat(40)}`
    const [, ours] = both((app, gate) => app.use(/.*/, gate).use('/upload', caught), module)
    expect((await ask(ours, target)).text).toBe('caught')
    const [, other] = both((app, gate) => app.use(/.*/, gate).use('/admin', caught), module)
    checkBody(await ask(other, target), 413, 'content_too_large')
  })

  test(`law 0: a handler of an application on a bare router gets the refusal: ${major}`, async () => {
    const [, app] = both((made, gate) => made.use(gate).use('/a', caught), module)
    const outer = module.Router().use('/upload', app)
    const listener: http.RequestListener = (request, response) =>
      Reflect.apply(outer, undefined, [request, response, () => response.end('nothing')])
    expect((await ask(listener)).text).toBe('caught')
  })

  test(`packages/express/README.md: a handler that passes a refusal on leaves it to what is behind: ${major}`, async () => {
    const passesOn: ErrorRequestHandler = (error, _request, _response, next) => next(error)
    const app = module().use(expectation({ maxContentLength: '1kb' }), passesOn)
    const alone = await ask(app)
    expect([alone.status, alone.field('content-type')]).toEqual([413, 'text/html; charset=utf-8'])
    checkBody(await ask(app.use(errorHandler())), 413, 'content_too_large')
  })

  test(`law 0: parameters of the handler are those of its own path: ${major}`, async () => {
    const told: unknown[] = []
    const app = module()
    app.use('/:any', expectation({ maxContentLength: '1kb' }))
    const tell: ErrorRequestHandler = (_error, request, response, _next) => {
      told.push({ ...request.params })
      response.status(413).send('caught')
    }
    app.use('/:first/:second', tell)
    expect((await ask(app)).text).toBe('caught')
    expect(told).toEqual([{ first: 'upload', second: 'a' }])
  })
}
