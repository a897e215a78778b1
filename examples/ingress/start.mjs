// One command: storage, Redis, two services, the gateway, a page, and a client run that shows every way in
// which an upload can end. `--once` ends after it; `--load` is the long run (load.mjs).
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Chain, TOKEN } from './chain.mjs'
import { load } from './load.mjs'
import { startPage } from './page.mjs'
import { Figures, line } from './report.mjs'
import { scenes } from './scenes.mjs'

const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    load: { type: 'boolean', default: false },
    uploads: { type: 'string', default: '2000' },
    clients: { type: 'string', default: '200' },
    scale: { type: 'string', default: '0.05' },
  },
})
const port = Number(process.env.PORT ?? (values.once || values.load ? 0 : 8080))
const limits = values.load
  ? { slots: 16, ownSlots: 12, tenantSlots: 16 }
  : { slots: 12, ownSlots: 3, tenantSlots: 2 }
const chain = new Chain({ port, ...limits })
const figures = new Figures(chain)
let page

async function stop() {
  page?.close()
  await chain.stop()
}

async function main() {
  await chain.start()
  console.log(
    `storage: ${chain.storage.name}\nadmission: ${chain.redis.name}\ngateway: ${chain.url}`,
  )
  if (values.load) {
    await load(chain, {
      uploads: Number(values.uploads),
      clients: Number(values.clients),
      scale: Number(values.scale),
    })
    return stop()
  }
  page = await startPage(chain, figures, values.once || port === 0 ? 0 : port + 1)
  console.log(`page: ${page.url}\n`)
  for await (const scene of scenes(chain)) {
    console.log(line(scene))
    page.show(scene)
    if (scene.status !== scene.wanted) throw new Error(`Wanted ${scene.wanted}.`)
    if (!values.once) await sleep(1500)
  }
  // What a killed process held is free when its lease ends.
  for (let turn = 0; figures.held > 0 && turn < 50; turn += 1) await sleep(100)
  await sleep(300)
  console.log(`\n${figures.lines().join('\n')}`)
  if (values.once) return stop()
  console.log(`
The chain goes on until Ctrl-C. In another terminal, with the page open:

  head -c 30000000 /dev/zero | curl -i -T - -H 'Content-Type: video/mp4' \\
    -H 'Authorization: Bearer ${TOKEN}' -H 'X-Tenant: me' ${chain.url}/files/film`)
}

// One Ctrl-C may arrive twice, from the terminal and from npm: the second must not end us half-way.
let stopping
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopping ??= stop().finally(() => process.exit(0))
  })
}
main().catch(async (fault) => {
  // What is stopped while it runs fails, and that is no news.
  if (stopping) return
  console.error(fault)
  process.exitCode = 1
  await stop()
})
