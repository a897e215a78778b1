// The three tables of the run: directly, through proxies, over a link with a delay.
import { openLink } from './link/link.mjs'
import { runClient } from './run-client.mjs'
import { startServer } from './server-process.mjs'

/** 20 MB, far above the limit of 1 MiB and above every socket buffer. */
export const BYTES = 20_000_000

export async function directly({ servers, clients, rounds, tell }) {
  const cells = []
  for (const server of servers) {
    const running = await startServer(server)
    for (const client of clients) {
      const result = await runClient(client, running.url, { rounds, bytes: BYTES })
      const read = (await running.bytesRead()) / rounds
      cells.push(tell({ server, client, ...result, megabytesRead: read / 1e6 }))
    }
    await running.stop()
  }
  return cells
}

/** Not a server of ours: the proxy refuses by itself. */
const ITSELF = { name: 'by itself', ours: false }

export async function throughProxies({ servers, clients, proxies, rounds, tell }) {
  const cells = await proxiesAlone({ clients, proxies, rounds, tell })
  for (const server of servers) {
    const running = await startServer(server)
    for (const proxy of proxies) {
      const front = await proxy.start(running.port)
      for (const client of clients) {
        const result = await runClient(client, front.url, { rounds, bytes: BYTES })
        cells.push(tell({ server, client, proxy, ...result }))
      }
      await front.stop()
    }
    await running.stop()
  }
  return cells
}

async function proxiesAlone({ clients, proxies, rounds, tell }) {
  const cells = []
  for (const proxy of proxies.filter(({ alone }) => alone !== undefined)) {
    const front = await proxy.alone()
    for (const client of clients) {
      const result = await runClient(client, front.url, { rounds, bytes: BYTES })
      cells.push(tell({ server: ITSELF, client, proxy, ...result }))
    }
    await front.stop()
  }
  return cells
}

export async function overLink({ servers, clients, delayMs, rounds, tell }) {
  const cells = []
  const link = await openLink(delayMs)
  try {
    for (const server of servers) {
      const running = await startServer(server, { host: link.host, inside: link.server })
      const url = await link.reach(running)
      for (const client of clients) {
        const options = { rounds, bytes: BYTES, inside: link.client }
        cells.push(tell({ server, client, link, ...(await runClient(client, url, options)) }))
      }
      await running.stop()
    }
  } finally {
    await link.close()
  }
  return { cells, kind: link.kind }
}
