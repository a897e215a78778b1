import Hapi from '@hapi/hapi'
import { countContent, GREETING, LIMIT_BYTES, REFUSAL_BODY, tooLarge } from './application.mjs'

/**
 * hapi asks for content when it reads it, as we do. Its own `maxBytes` answers after the whole upload,
 * so the refusal is written by hand, where authentication would stand.
 */
export async function context() {
  const server = Hapi.server({ autoListen: false })
  server.ext('onRequest', (request, h) => {
    if (!tooLarge(request.raw.req)) return h.continue
    const refusal = h.response(REFUSAL_BODY).code(413)
    return refusal.header('cache-control', 'no-store').header('connection', 'close').takeover()
  })
  server.route([
    { method: 'GET', path: '/', handler: () => GREETING },
    {
      method: 'POST',
      path: '/json',
      handler: (request) => ({ length: request.payload.note.length }),
    },
    {
      method: 'POST',
      path: '/upload',
      options: { payload: { output: 'stream', parse: false, maxBytes: LIMIT_BYTES } },
      handler: (request) =>
        new Promise((resolve) => countContent(request.payload, (bytes) => resolve({ bytes }))),
    },
  ])
  await server.start()
  return server.listener
}
