// A link of some milliseconds, one way. Real TCP at both ends where the machine allows it (root, ip
// and /dev/net/tun); elsewhere a process between two connections that hands bytes on later.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { finish, start, stop } from '../child.mjs'
import { find } from '../programs.mjs'
import { delayingProxy } from './delaying-proxy.mjs'

/**
 * `host`: where the server listens. `server` and `client` put a command at their end of the link.
 * `lossPercent`: of packets, where the link is one of packets.
 * `reach`: from the server's port to the URL that clients use.
 * `cutOff`: how many connections the server has reset behind content that the link had lost.
 */
export async function openLink(delayMs, lossPercent = 0) {
  return (await namespaces(delayMs, lossPercent)) ?? (await inProcess(delayMs))
}

async function inProcess(delayMs) {
  const proxies = []
  const same = (command) => command
  return {
    kind: `a process that hands bytes on ${delayMs} ms later each way`,
    host: '127.0.0.1',
    server: same,
    client: same,
    cutOff: () => 0,
    async reach({ port }) {
      const proxy = await delayingProxy(port, delayMs)
      proxies.push(proxy)
      return `http://127.0.0.1:${proxy.port}`
    },
    close: async () => {
      for (const proxy of proxies) await proxy.close()
    },
  }
}

async function namespaces(delayMs, lossPercent) {
  const ip = find('ip')
  const python = find('/usr/bin/python3', 'python3')
  if (process.getuid?.() !== 0 || ip === undefined || python === undefined) return undefined
  if (!existsSync('/dev/net/tun')) return undefined
  const names = [`expectation-a-${process.pid}`, `expectation-b-${process.pid}`]
  const remove = async () => {
    for (const name of names) await finish(ip, ['netns', 'del', name])
  }
  for (const name of names) {
    if ((await finish(ip, ['netns', 'add', name])).code === 0) continue
    await remove()
    return undefined
  }
  const script = path.join(import.meta.dirname, 'delayed_link.py')
  const carrier = start(python, [script, ...names, String(delayMs), String(lossPercent)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ready = await new Promise((resolve) => {
    carrier.stdout.once('data', () => resolve(true))
    carrier.once('close', () => resolve(false))
  })
  if (!ready) {
    await remove()
    return undefined
  }
  let cutOff = 0
  carrier.stdout.on('data', (lines) => {
    cutOff += String(lines).trim().split('\n').length
  })
  const into = (name) => (command) => [ip, 'netns', 'exec', name, ...command]
  return {
    kind: `two network namespaces, every packet ${delayMs} ms later each way${lossPercent === 0 ? '' : `, ${lossPercent} % of them lost`}`,
    host: '10.203.0.1',
    server: into(names[0]),
    client: into(names[1]),
    cutOff: () => cutOff,
    reach: async ({ url }) => url,
    async close() {
      await stop(carrier)
      await remove()
    },
  }
}
