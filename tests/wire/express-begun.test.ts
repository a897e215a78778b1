// Law 0: a handler that answers and calls `next()` keeps its answer, whatever stands at the end of the
// application: plain Express has nothing to add to it, and neither has errorHandler().
import { errorHandler } from '@expectation/express'
import express, { type Express, type RequestHandler } from 'express'
import express4 from 'express4'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'

/** What is used here is the same in both majors, their types are not. */
const majors: readonly (readonly [string, () => Express])[] = [
  ['Express 5', express],
  ['Express 4', Object.assign(express4) as unknown as () => Express],
]

const answers: Readonly<Record<string, RequestHandler>> = {
  'begun, and ended later': (_request, response, next) => {
    response.writeHead(200).write('a')
    setTimeout(() => response.end('b'), 20)
    next()
  },
  'with its head alone out': (_request, response, next) => {
    response.flushHeaders()
    setTimeout(() => response.end('ab'), 20)
    next()
  },
  whole: (_request, response, next) => {
    response.end('ab')
    next()
  },
}

for (const [major, create] of majors) {
  for (const [shown, handler] of Object.entries(answers)) {
    for (const wiring of ['plain', 'errorHandler()'] as const) {
      test(`law 0: an answer ${shown}: ${major}, ${wiring}`, async () => {
        const logged: unknown[] = []
        const app = create()
        app.use('/files', handler)
        if (wiring !== 'plain') app.use(errorHandler({ log: (error) => void logged.push(error) }))
        const client = await RawClient.connect(await serve(app))
        const answer = await client.send(head({ method: 'GET' })).final()
        expect(answer.status).toBe(200)
        expect(answer.text).toBe('ab')
        expect(logged).toEqual([])
      })
    }
  }
}
