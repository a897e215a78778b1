// One server of the proofs in a process of its own. The first argument says which, as JSON:
// { integration, mode: 'plain' | 'attached' | 'gated', faults }. It listens on a port for each door,
// which are alike but for their options, and tells over IPC what each connection saw.
const http = require('node:http')
const witness = require('./witness.cjs')
const { quietConsole } = require('./console.cjs')

const { integration, mode, faults = [] } = JSON.parse(process.argv[2])

/**
 * Out of reach, here and below: what is compared must not depend on how busy the machine is. A client
 * that is owed something gives up long before.
 */
const serverOptions = {
  keepAliveTimeout: 600_000,
  headersTimeout: 600_000,
  requestTimeout: 600_000,
}
const always = {
  linger: { idleMs: 600_000, totalMs: 600_000 },
  checkTimeoutMs: 600_000,
  contentTimeoutMs: 600_000,
}
/** The limited door: a limit that becomes known behind a check that takes its time. */
const LIMIT = 1024
const late = () => new Promise((resolve) => setImmediate(resolve))
const doors = {
  open: { ...always },
  limited: { ...always, maxContentLength: LIMIT, checks: [late] },
  outcome: {
    ...always,
    async onOutcome() {
      throw new Error('an outcome that nobody could keep')
    },
  },
  upgrade: { ...always },
}

quietConsole(integration)
for (const name of faults) require(`./faults/${name}.cjs`)(doors)
main()

async function main() {
  const { serverFor } = require(`./integrations/${integration}.cjs`)
  const ports = {}
  for (const [door, options] of Object.entries(doors)) {
    const server = await serverFor({ mode, options, serverOptions, http })
    witness.watch(server)
    if (door === 'upgrade') server.on('upgrade', upgrade)
    await new Promise((resolve) => server.listen(0, '127.0.0.1', 2048, resolve))
    ports[door] = server.address().port
  }
  process.on('message', answer)
  process.on('disconnect', () => process.exit(0))
  process.send({ ready: ports })
}

/** As WebSocket servers do: takes the socket, its errors too, and answers. */
function upgrade(_request, socket) {
  socket.on('error', () => socket.destroy())
  socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
}

async function answer({ ask, id, key }) {
  if (ask === 'drop') witness.drop(key)
  // Whatever had come by then is read, and answered by whoever answers at once.
  if (ask === 'beat') setImmediate(() => setImmediate(() => process.send({ id })))
  if (ask === 'open') process.send({ id, open: witness.isOpen(key) })
  if (ask === 'memory') process.send({ id, ...(await witness.memory()) })
}
