// A refused upload: how much of it reaches the server, and how long the client waits for its answer.

import { once } from 'node:events'
import { ServerChild, startChild, stopChild } from '../children.mjs'
import { upload } from './upload.mjs'

const LINK = { megabitsPerSecond: 50, roundTripMs: 40 }
const QUIET_MS = 100

const CLIENTS = {
  expecting: { expects: true, looks: true },
  sending: { expects: false, looks: true },
  blind: { expects: false, looks: false },
}

export async function runWaste(plan) {
  const records = []
  for (const name of ['express:plain', 'express:limited']) {
    const server = await ServerChild.start(name)
    await server.ask('follow')
    await upload({ port: server.port, bytes: plan.warmBytes, ...CLIENTS.sending })
    for (const [client, behaviour] of Object.entries(CLIENTS)) {
      const direct = await measured(server, server.port, { bytes: plan.refusedBytes, ...behaviour })
      records.push({ server: name, client, link: undefined, bytes: plan.refusedBytes, ...direct })
      if (client === 'blind') continue
      const bytes = name === 'express:plain' ? plan.shapedBytes : plan.refusedBytes
      const link = startChild('./waste/link.mjs', [server.port, ...Object.values(LINK)].map(String))
      const [port] = await once(link, 'message')
      const shaped = await measured(server, port, { bytes, ...behaviour })
      await stopChild(link)
      records.push({ server: name, client, link: LINK, bytes, ...shaped })
    }
    await server.stop()
  }
  return records
}

async function measured(server, port, request) {
  const before = await settled(server)
  const result = await upload({ port, ...request })
  return { ...result, receivedBytes: (await settled(server)) - before }
}

/** What is still on its way when the client has gone is counted too. */
async function settled(server) {
  for (let last = -1; ; ) {
    const now = await server.ask('received')
    if (now === last) return now
    last = now
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
  }
}
