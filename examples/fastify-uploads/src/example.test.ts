// The behaviour that all upload examples share, seen on the Fastify one.

import { once } from 'node:events'
import { createFeed, openStorage, originOf } from '@expectation/example-uploads-kit'
import { describeUploadsExample } from '@expectation/example-uploads-kit/behaviour'
import { createApp } from './server.js'

describeUploadsExample('Fastify uploads', async ({ uploadDirectory, token }) => {
  const storage = await openStorage(uploadDirectory)
  const feed = createFeed()
  const app = await createApp({ storage, feed, token, log: () => {}, logFailure: () => {} })
  const server = app.server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: originOf(server),
    async close() {
      feed.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
})
