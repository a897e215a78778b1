// A server of the matrix in a process of its own.
import { start, stop } from './child.mjs'

/** `inside` puts a command where the link is: see link/link.mjs. */
export async function startServer(
  server,
  { host = '127.0.0.1', inside = (command) => command } = {},
) {
  const [command, ...args] = inside([process.execPath, server.path])
  const child = start(command, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...server.env, INTEROP_HOST: host, NODE_ENV: 'production' },
  })
  const { port } = await answer(child)
  return {
    host,
    port,
    url: `http://${host}:${port}`,
    /** Bytes read since the last call, from connections that are closed by now. */
    async bytesRead() {
      child.send('read')
      return (await answer(child)).read
    },
    stop: () => stop(child),
  }
}

function answer(child) {
  return new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`A server ended with ${code}.`))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message)
    })
  })
}
