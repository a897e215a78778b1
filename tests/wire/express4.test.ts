// Express 4: the contract holds there (tests/contract/express.test.ts); here its own body parser, which
// throws content away and waits for its end before it reports a limit.
import { errorHandler, expectation } from '@expectation/express'
import express4, { type Express } from 'express4'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { closesAfter } from '../support/refusal.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'

keepConsoleErrors()

function application(handler: 'errorHandler' | 'none'): Express {
  const app = express4()
  app.use(expectation({ maxContentLength: '1gb' }))
  app.use('/api', express4.json({ limit: 4 }))
  if (handler === 'errorHandler') app.use(errorHandler())
  return app
}

for (const handler of ['errorHandler', 'none'] as const) {
  for (const line of ['100-continue', []] as const) {
    const asked = line === '100-continue' ? 'with Expect' : 'without Expect'
    test(`R26 MUST (RFC 9112 9.6), Express 4, ${handler}, ${asked}: express.json()'s limit: 413`, async () => {
      const client = await RawClient.connect(await serve(application(handler)))
      const type = 'application/json'
      client.send(head({ target: '/api/a', expect: line, length: 100_000_000, type }))
      const response = await client.final()
      expect(response.status).toBe(413)
      await closesAfter(client, response)
    })
  }
}
