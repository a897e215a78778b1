// Redis on a socket of its own, where redis-server is installed; else each service counts alone.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export async function startRedis(folder) {
  const none = process.env.INGRESS_REDIS === 'none'
  if (none || spawnSync('redis-server', ['--version']).status !== 0) {
    return { name: 'no Redis (each service counts alone)', async stop() {} }
  }
  const socket = path.join(folder, 'redis.sock')
  const settings = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder]
  const child = spawn('redis-server', settings, { stdio: 'ignore', detached: true })
  const ended = once(child, 'exit')
  for (let turn = 0; !(await answers(socket)); turn += 1) {
    if (turn === 200) throw new Error('Redis does not answer.')
    await sleep(50)
  }
  return {
    name: 'Redis',
    socket,
    pid: child.pid,
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function answers(path) {
  const probe = net.connect(path)
  try {
    await once(probe, 'connect')
    return true
  } catch {
    return false
  } finally {
    probe.destroy()
  }
}
