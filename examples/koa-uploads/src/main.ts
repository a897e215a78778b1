// Starts the service: settings, storage, feed, application, server.

import { createServer } from 'node:http'
import {
  createFeed,
  explainStartFault,
  openStorage,
  readSettings,
  run,
  stopOnSignal,
} from '@expectation/example-uploads-kit'
import { createApp } from './server.js'

async function main(): Promise<void> {
  const settings = readSettings(process.env)
  const storage = await openStorage(settings.uploadDirectory)
  const feed = createFeed()
  const app = createApp({
    storage,
    feed,
    token: settings.token,
    log: console.log,
    logFailure: console.error,
  })
  const server = createServer(app.callback())
  stopOnSignal(server, () => feed.close())
  await run(server, settings)
}

main().catch((fault: unknown) => {
  console.error(explainStartFault(fault))
  process.exit(1)
})
