// Fastify with the plugin of @expectation/fastify; routes override its options.
import { errorHandler, expectation } from '@expectation/fastify'
import Fastify from 'fastify'
import { fastifyRoutes } from './fastify-routes.mjs'
import { LIMIT, refusal, SLOW_MS, wait } from './support.mjs'

const gate = (options) => ({ config: { expectation: options } })

const app = Fastify()
await app.register(expectation, {})
await app.register(errorHandler)
fastifyRoutes(app, () => ({
  '/limit': gate({ maxContentLength: LIMIT }),
  '/slow': gate({ checks: [() => wait(SLOW_MS)] }),
  '/slow-refuses': gate({
    checks: [
      () =>
        wait(SLOW_MS).then(() => {
          throw refusal(403)
        }),
    ],
  }),
  '/typed': gate({ acceptedTypes: ['video/*'] }),
  '/coded': gate({ acceptedCodings: ['gzip'] }),
  '/length-required': gate({ requireContentLength: true }),
}))
await app.listen({ port: Number(process.env.PORT ?? 0), host: '127.0.0.1' })
console.log(app.server.address().port)
