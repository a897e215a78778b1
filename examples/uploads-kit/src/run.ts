// Starting and stopping, the same for every framework: listen, say hello, show the demonstration,
// and end cleanly when asked to.

import { once } from 'node:events'
import type { Server } from 'node:http'
import { runDemo } from './demo.js'
import type { Settings } from './settings.js'
import { welcomeText } from './welcome.js'

const GRACE_MS = 5_000

/** Listens, greets, demonstrates. Rejects when the port cannot be had. */
export async function run(server: Server, settings: Settings): Promise<void> {
  server.listen(settings.port, settings.host)
  await once(server, 'listening')
  const origin = originOf(server)
  console.log(welcomeText(origin, settings))
  if (!settings.demo) return
  try {
    await runDemo(origin, settings.token, console.log)
  } catch (error) {
    console.error('The demonstration did not come to its end:', error)
  }
}

/** Ends the service on SIGINT and SIGTERM; the second signal does not wait. */
export function stopOnSignal(server: Server, beforeClose: () => void): void {
  let stopping = false
  const stop = (): void => {
    if (stopping) process.exit(1)
    stopping = true
    console.log('\nStopping: uploads that run may finish for 5 seconds. Press again to stop now.')
    beforeClose()
    server.close(() => process.exit(0))
    // What is cut off here leaves nothing behind: its partial file is removed.
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

/** A sentence for the faults a newcomer meets first; everything else keeps its stack. */
export function explainStartFault(fault: unknown): unknown {
  if (!(fault instanceof Error)) return fault
  if (fault.name === 'SettingError') return fault.message
  if (!('code' in fault)) return fault
  if (fault.code === 'EADDRINUSE') return 'This port is taken. Try another: PORT=3001 npm start'
  if (fault.code === 'EACCES') return `Not allowed: ${fault.message}. Try PORT or UPLOAD_DIR.`
  return fault
}

export function originOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  const everywhere = address.address === '::' || address.address === '0.0.0.0'
  const host = everywhere ? 'localhost' : address.address
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}
