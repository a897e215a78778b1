// A way to a Redis server that can be slow, or broken off, between two answers.

import { once } from 'node:events'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterThisTest } from '../../support/cleanup.js'
import type { RedisServer } from './redis-server.js'

export class RedisLink {
  /** How long answers are kept back. */
  delayMs = 0
  /** Whether it breaks off whoever connects. */
  isDown = false
  readonly #connections = new Set<net.Socket>()

  private constructor(readonly socket: string) {}

  static async before(server: RedisServer): Promise<RedisLink> {
    const link = new RedisLink(path.join(server.folder, 'link.sock'))
    const listener = net.createServer((client) => link.#join(client, net.connect(server.socket)))
    afterThisTest(async () => {
      const closed = once(listener, 'close')
      listener.close()
      link.cut()
      await closed
    })
    listener.listen(link.socket)
    await once(listener, 'listening')
    return link
  }

  /** Breaks off what is connected, with all that is under way. */
  cut(): void {
    for (const connection of this.#connections) connection.destroy()
  }

  #join(client: net.Socket, server: net.Socket): void {
    this.#connections.add(client)
    client.on('error', () => {})
    server.on('error', () => {})
    if (this.isDown) client.destroy()
    client.on('data', (bytes) => server.write(bytes))
    // One behind the other, also when the delay ends: a client takes answers in the order of its questions.
    let before: Promise<unknown> | undefined
    server.on('data', (bytes) => {
      if (this.delayMs === 0 && before === undefined) {
        client.write(bytes)
        return
      }
      const due = sleep(this.delayMs, undefined, { ref: false })
      const sent = Promise.all([due, before]).then(() => {
        client.write(bytes)
        if (before === sent) before = undefined
      })
      before = sent
    })
    client.on('close', () => {
      this.#connections.delete(client)
      server.destroy()
    })
    server.on('close', () => client.destroy())
  }
}
