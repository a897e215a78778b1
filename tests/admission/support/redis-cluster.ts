// A cluster of three masters, as Debian's Redis makes it: no replicas, a third of the slots each.

import { freePort } from '../../support/free-port.js'
import { RedisServer } from './redis-server.js'
import { until } from './until.js'

const SLOTS = [
  [0, 5460],
  [5461, 10922],
  [10923, 16383],
] as const

export interface RedisNode {
  readonly server: RedisServer
  readonly port: number
}

export async function redisCluster(): Promise<readonly RedisNode[]> {
  const nodes: RedisNode[] = []
  for (const [first, last] of SLOTS) {
    const port = await freePort()
    const bus = await freePort(port)
    const server = await RedisServer.start(
      ...['--port', String(port), '--bind', '127.0.0.1'],
      ...['--cluster-enabled', 'yes', '--cluster-port', String(bus)],
    )
    await server.command(`CLUSTER ADDSLOTSRANGE ${first} ${last}`)
    await server.command(`CLUSTER SET-CONFIG-EPOCH ${nodes.length + 1}`)
    for (const { server: other } of nodes.slice(0, 1)) {
      await other.command(`CLUSTER MEET 127.0.0.1 ${port} ${bus}`)
    }
    nodes.push({ server, port })
  }
  await until(
    'the nodes know each other',
    async () => {
      const told = await Promise.all(nodes.map(({ server }) => server.command('CLUSTER INFO')))
      return told.every((text) => /cluster_state:ok[\s\S]*cluster_known_nodes:3/.test(text))
    },
    20_000,
  )
  return nodes
}

/** Names of pools, one on each of the nodes. */
export async function poolsOf(nodes: readonly RedisNode[]): Promise<readonly string[]> {
  const pools = new Map<number, string>()
  for (let number = 0; pools.size < nodes.length; number += 1) {
    const reply = await nodes[0]?.server.command(`CLUSTER KEYSLOT {uploads${number}}:used`)
    const slot = Number(reply?.slice(1))
    const node = SLOTS.findIndex(([first, last]) => slot >= first && slot <= last)
    if (!pools.has(node)) pools.set(node, `uploads${number}`)
  }
  return nodes.map((_, node) => pools.get(node) ?? '')
}

/** The slot of a pool on its way from one node to another, as `redis-cli --cluster reshard` moves it. */
export async function movingSlot(pool: string, from: RedisNode, to: RedisNode) {
  const slot = (await from.server.command(`CLUSTER KEYSLOT {${pool}}:used`)).slice(1)
  const [source, target] = await Promise.all([from, to].map(idOf))
  await succeeds(to, `CLUSTER SETSLOT ${slot} IMPORTING ${source}`)
  await succeeds(from, `CLUSTER SETSLOT ${slot} MIGRATING ${target}`)
  return {
    move: (keys: readonly string[]) =>
      succeeds(from, `MIGRATE 127.0.0.1 ${to.port} "" 0 2000 KEYS ${keys.join(' ')}`),
    async moved(nodes: readonly RedisNode[]): Promise<void> {
      for (const node of [to, from, ...nodes]) {
        await succeeds(node, `CLUSTER SETSLOT ${slot} NODE ${target}`)
      }
    },
  }
}

/** Of a reply in bulk: its length, then the name. */
async function idOf({ server }: RedisNode): Promise<string | undefined> {
  return (await server.command('CLUSTER MYID')).split('\r\n')[1]
}

async function succeeds({ server }: RedisNode, command: string): Promise<void> {
  const reply = await server.command(command)
  if (reply !== '+OK') throw new Error(`${command}: ${reply}`)
}
