// The wiring of Express, for any major.
import type { Server } from 'node:http'
import { errorHandler, expectation } from '@expectation/express'
import type { Express, RequestHandler, Router } from 'express'
import type { Action, Adapter, Application } from './suite/adapter.js'
import { serverFor } from './suite/servers.js'

interface ExpressModule {
  (): Express
  Router(): Router
}

export function expressAdapter(name: string, express: ExpressModule): Adapter {
  return {
    name,
    proves: '@expectation/express',
    transports: ['http', 'https'],
    differences: {
      http2: "Express gives requests the prototypes of node:http, which HTTP/2's cannot have",
    },
    serve: (application, transport) => serverFor(transport, build(express, application)) as Server,
  }
}

function build(express: ExpressModule, application: Application): Express {
  const { gate, narrow, nested, before, behind, save, errors } = application
  const app = express()
  if (before !== undefined) app.use(run(before, 'or go on'))
  if (gate !== undefined) app.use(expectation(gate))
  if (behind !== undefined) app.use(run(behind, 'or go on'))
  app.get('/hello', (_request, response) => void response.send('hello'))
  app.put('/files/:name', run(save))
  if (narrow !== undefined) app.put('/narrow/:name', expectation(narrow), run(save))
  if (nested !== undefined) {
    const router = express.Router()
    router.use(expectation(nested))
    router.put('/:name', run(save))
    app.use('/nested', router)
  }
  if (errors !== false) app.use(errorHandler(errors))
  return app
}

function run(action: Action, otherwise?: 'or go on'): RequestHandler {
  return (request, response, next) => {
    const act = async (): Promise<void> => {
      const reply = await action({ content: request, response })
      if (reply === undefined) {
        if (otherwise === 'or go on') next()
        return
      }
      response.status(reply.status ?? 200).set(reply.fields ?? {})
      response.send(reply.body ?? '')
    }
    act().catch(next)
  }
}
