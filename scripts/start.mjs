// `npm start`: sets everything up, then becomes the main example, in this very process, so that
// nobody stands between the terminal and the server. PORT and arguments are passed on.
import Module from 'node:module'
import path from 'node:path'
import { build } from './build.mjs'
import { ensureInstalled } from './setup.mjs'
import { root } from './workspace.mjs'

/** One Ctrl-C arrives twice, from the terminal and from npm; a person needs longer for two. */
const ECHO_MS = 300

function dropEchoes(signals) {
  const emit = process.emit
  let last = Number.NEGATIVE_INFINITY
  process.emit = function (name, ...rest) {
    if (!signals.includes(name)) return emit.call(this, name, ...rest)
    const sinceLast = performance.now() - last
    last = performance.now()
    return sinceLast < ECHO_MS ? true : emit.call(this, name, ...rest)
  }
}

await ensureInstalled('start')
const failed = await build()
if (failed !== 0) process.exit(failed)

dropEchoes(['SIGINT', 'SIGTERM'])
process.argv[1] = path.join(root, 'examples/express-uploads/dist/main.js')
Module.runMain()
