// The proxies of the matrix. Each file knows one program: how to find it and how to start it.
import { Missing } from '../programs.mjs'
import { apache } from './apache.mjs'
import { caddy } from './caddy.mjs'
import { haproxy } from './haproxy.mjs'
import { folderFor, freePort } from './kit.mjs'
import { lighttpd } from './lighttpd.mjs'
import { nginx } from './nginx.mjs'

const all = [nginx(true), nginx(false), apache, haproxy, caddy, lighttpd]

/** @param more - proxies that are not of the matrix */
export async function proxies(parent, wanted = () => true, more = []) {
  const ready = []
  const skipped = []
  for (const proxy of [...all, ...more].filter(({ name }) => wanted(name))) {
    try {
      const prepared = await proxy.prepare()
      const place = async (upstream) => {
        const folder = folderFor(parent, proxy.name)
        return { ...prepared, folder, port: await freePort(), upstream }
      }
      ready.push({
        name: proxy.name,
        version: prepared.version,
        start: async (upstream) => proxy.start(await place(upstream)),
        alone: proxy.alone && (async () => proxy.alone(await place())),
      })
    } catch (problem) {
      if (!(problem instanceof Missing)) throw problem
      skipped.push({ name: proxy.name, reason: problem.message })
    }
  }
  return { ready, skipped }
}
