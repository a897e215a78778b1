// npm start [-- express|koa|fastify] [branded]   PORT and APP_PORT are 8080 and 3000.

import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runBehind } from '@expectation/example-proxy-kit'

try {
  await runBehind({
    program: 'apache',
    directory: dirname(fileURLToPath(import.meta.url)),
    configs: { plain: 'apache.conf', branded: 'apache-branded.conf' },
    words: process.argv.slice(2),
  })
} catch (fault) {
  console.error(fault.message)
  process.exitCode = 1
}
