// The process under trial: one integration on one line of Node, with or without the library. It opens
// servers when it is asked to, and has no handler that would keep it alive where others would die.
import { subscribe } from 'node:diagnostics_channel'
import type { AddressInfo, Server } from 'node:net'
import type { Duplex } from 'node:stream'
import { scenes } from '../scenes/index.js'
import type { Ask, Asked, Memory, Opened, Told } from './protocol.js'
import type { Integration, Scene, Transport } from './scene.js'
import { type AnyServer, frontOf } from './servers.js'
import type { Tell } from './visit.js'

const [integration = '', library = ''] = process.argv.slice(2)
const plain = library === 'plain'

interface Place {
  readonly server: AnyServer
  readonly front: Server
  readonly streams: Set<Duplex>
}

const places: Place[] = []
let opened = 0

function tell(told: Told): void {
  if (process.connected) process.send?.(told)
}

async function mount(scene: Scene, transport: Transport, note: Tell): Promise<AnyServer> {
  switch (integration as Integration) {
    case 'express5':
    case 'express4': {
      const { mountExpress } = await import('./express-mount.js')
      return mountExpress(integration === 'express5' ? 5 : 4, scene, transport, note, !plain)
    }
    case 'koa':
      return (await import('./koa-mount.js')).mountKoa(scene, transport, note, !plain)
    case 'fastify':
      return (await import('./fastify-mount.js')).mountFastify(scene, transport, note, !plain)
    case 'attach':
    case 'gate': {
      const { mountBare } = await import('./bare-mount.js')
      return mountBare(scene, transport, note, plain ? 'plain' : (integration as 'attach' | 'gate'))
    }
  }
}

async function open(name: string, transport: Transport): Promise<Opened> {
  const site = opened
  opened += 1
  const note = (text: string): void => tell({ site, note: text })
  const scene = scenes[name]?.({ note, plain })
  if (scene === undefined) throw new Error(`no scene ${name}`)
  const streams = new Set<Duplex>()
  const server = await mount(scene, transport, note)
  const front = frontOf(transport, server)
  for (const each of new Set([server, front])) {
    each.on('connection', (stream: Duplex) => {
      streams.add(stream)
      stream.once('close', () => streams.delete(stream))
    })
  }
  scene.ready?.(server)
  places[site] = { server, front, streams }
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject)
    front.listen(0, '127.0.0.1', resolve)
  })
  return { site, port: (front.address() as AddressInfo).port }
}

function placeOf(site: number): Place {
  const place = places[site]
  if (place === undefined) throw new Error(`no site ${site}`)
  return place
}

function shut(site: number): void {
  const { server, front, streams } = placeOf(site)
  for (const each of new Set([server, front])) each.close()
  for (const stream of streams) stream.destroy()
}

async function memory(): Promise<Memory> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return { heap: heapUsed, buffers: arrayBuffers }
}

async function answer(ask: Ask): Promise<unknown> {
  switch (ask.do) {
    case 'open':
      return open(ask.scene, ask.transport)
    case 'shut':
      return shut(ask.site)
    case 'ping':
      // What was thrown in between has ended the process by then.
      return new Promise((resolve) => setTimeout(resolve, 30))
    case 'memory':
      return memory()
    case 'connections':
      return placeOf(ask.site).streams.size
    case 'signal':
      return void placeOf(ask.site).server.emit('trial', ask.name)
    case 'leave':
      return void setImmediate(() => process.channel?.unref())
  }
}

process.on('message', ({ id, ask }: Asked) => {
  answer(ask).then(
    (value) => tell({ id, value: value ?? null }),
    (error: unknown) => tell({ id, failure: error instanceof Error ? `${error.stack}` : 'thrown' }),
  )
})
process.once('disconnect', () => process.exit(0))
process.on('warning', (warning) => tell({ warning: `${warning.name}: ${warning.message}` }))
subscribe('expectation:outcome', (outcome) => tell({ outcome } as Told))
