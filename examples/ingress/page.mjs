// The page: its files, and what happens as Server-Sent Events, four times a second while somebody looks.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const TYPES = { html: 'text/html', css: 'text/css', js: 'text/javascript' }
const file = (name) => readFileSync(new URL(`page/${name}`, import.meta.url))
const files = new Map(
  ['index.html', 'style.css', 'script.js'].map((name) => [
    name === 'index.html' ? '/' : `/${name}`,
    { content: file(name), type: `${TYPES[name.split('.')[1]]}; charset=utf-8` },
  ]),
)
const MOST_SCENES = 12

export async function startPage(chain, figures, port) {
  const scenes = []
  const server = createServer((request, response) => {
    const found = files.get(request.url)
    if (found) response.writeHead(200, { 'Content-Type': found.type }).end(found.content)
    else if (request.url === '/events') feed(response, () => state(chain, figures, scenes))
    else response.writeHead(404).end()
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    show(scene) {
      scenes.unshift(scene)
      scenes.splice(MOST_SCENES)
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function feed(response, read) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  const timer = setInterval(() => response.write(`data: ${JSON.stringify(read())}\n\n`), 250)
  response.once('close', () => clearInterval(timer))
}

function state(chain, figures, scenes) {
  const isUp = ({ exitCode, signalCode }) => exitCode === null && signalCode === null
  return {
    gateway: chain.url,
    storage: chain.storage.name,
    admission: chain.redis.name,
    up: Object.fromEntries([...chain.processes].map(([name, child]) => [name, isUp(child)])),
    bytes: { ...chain.bytes, storage: chain.tap.counts.contentBytes },
    figures: {
      stored: figures.stored,
      refused: figures.refused,
      sparedBytes: figures.sparedBytes,
      held: figures.held,
    },
    scenes: scenes.map(({ title, status, reason, by, tried, hops }) => {
      return { title, status, reason, by, tried, hops }
    }),
  }
}
