// The servers of the matrix. A new adapter is a file beside this one and a line here; it is left out
// until its package is there.
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)

/**
 * `ours`: every client must get every answer. The others stand beside it for comparison.
 * `direct`: not through proxies, which would show nothing more.
 */
const all = [
  { name: 'Express', file: 'express.cjs', needs: '@expectation/express', ours: true },
  { name: 'Koa', file: 'koa.cjs', needs: '@expectation/koa', ours: true },
  { name: 'Fastify', file: 'fastify.cjs', needs: '@expectation/fastify', ours: true },
  { name: 'node:http', file: 'bare.cjs', needs: '@expectation/core', ours: true, direct: true },
  { name: 'Express alone', file: 'express-alone.cjs', needs: 'express', ours: false },
  {
    name: 'Express alone, closing',
    file: 'express-alone.cjs',
    needs: 'express',
    ours: false,
    env: { INTEROP_CLOSE: '1' },
  },
]

export function servers() {
  return all.filter(({ needs }) => isThere(needs)).map(withPath)
}

function withPath(server) {
  return { ...server, path: path.join(import.meta.dirname, server.file) }
}

function isThere(name) {
  try {
    require.resolve(name)
    return true
  } catch {
    return false
  }
}
