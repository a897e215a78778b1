// Two storages and a gateway in front of them, in one process so that one command shows all.

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { attach } from '@expectation/core/node'
import { gateway } from '@expectation/gateway'
import { createStorage } from './storage.js'

export interface Running {
  readonly url: string
  stop(): Promise<void>
}

export interface StartOptions {
  readonly port: number
  readonly token: string
  readonly log: (line: string) => void
}

/** The storages take turns; storage-1 is busy every second time, and storage-2 has to take that, too. */
export async function start({ port, token, log }: StartOptions): Promise<Running> {
  let uploads = 0
  const isBusy = (): boolean => {
    uploads += 1
    return uploads % 2 === 0
  }
  const first = createStorage({ name: 'storage-1', token, isBusy, log })
  const second = createStorage({ name: 'storage-2', token, isBusy: () => false, log })
  const upstreams = [await listening(first, 0), await listening(second, 0)]
  const front = attach(
    createServer(
      gateway({
        upstreams,
        onRelay({ method, path, attempts, status, contentBytes, sparedBytes = 0 }) {
          const tried = attempts.map(({ verdict, status: said }) => said ?? verdict).join(', then ')
          log(
            `gateway: ${method} ${path} ${status} (${tried}): ${contentBytes} sent, ${sparedBytes} spared`,
          )
        },
      }),
    ),
    { maxContentLength: '50mb' },
  )
  const url = await listening(front, port)
  const servers = [front, first, second]
  return {
    url,
    async stop() {
      await Promise.all(servers.map(closed))
    },
  }
}

async function listening(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function closed(server: Server): Promise<unknown> {
  const done = once(server, 'close')
  server.close()
  server.closeAllConnections()
  return done
}
