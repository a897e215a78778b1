// `node benchmarks/gateway/slow.mjs`: what the gateway keeps in memory while an upstream takes 10 MB a second
// and the client sends as fast as it is let. Resident memory of the gateway's process, sampled all the
// while, by the quarter of the upload that it stood at: it must not grow.
//
//   --mib=200   how large the upload is
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { stopChild } from '../children.mjs'
import { median } from '../end-to-end/statistics.mjs'

const BYTES_PER_SECOND = 10_000_000
const PIECE = Buffer.alloc(1_000_000)

const { values } = parseArgs({ options: { mib: { type: 'string', default: '200' } } })
const size = Number(values.mib) * 2 ** 20

let taken = 0
const upstream = http.createServer(take)
upstream.on('checkContinue', (request, response) => {
  response.writeContinue()
  take(request, response)
})
upstream.listen(0, '127.0.0.1')
await once(upstream, 'listening')
for (const kind of ['gateway', 'http-proxy']) await measure(kind)
upstream.close()
upstream.closeAllConnections()

function take(request, response) {
  const began = performance.now()
  taken = 0
  request.on('data', (chunk) => {
    taken += chunk.length
    const ahead = (taken / BYTES_PER_SECOND) * 1000 - (performance.now() - began)
    if (ahead < 5) return
    request.pause()
    setTimeout(() => request.resume(), ahead)
  })
  request.on('end', () => response.end(String(taken)))
}

async function measure(kind) {
  const script = fileURLToPath(new URL('./node-proxy.mjs', import.meta.url))
  const child = spawn(process.execPath, [script, kind, String(upstream.address().port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  const port = Number(line)
  const idle = residentMiB(child)
  const quarters = [[], [], [], []]
  const sampling = setInterval(() => {
    quarters[Math.min(3, Math.floor((4 * taken) / size))].push(residentMiB(child))
  }, 50)
  const answer = await upload(port)
  clearInterval(sampling)
  await stopChild(child)
  if (Number(answer) !== size) throw new Error(`${kind} carried ${answer} of ${size} bytes`)
  const shown = quarters.map(
    (each) => `${median(each).toFixed(0)} (${Math.max(...each).toFixed(0)})`,
  )
  console.log(
    `${kind}: ${idle.toFixed(0)} MiB idle; by quarter, median (peak): ${shown.join(', ')}`,
  )
}

function residentMiB({ pid }) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) / 1024
}

function upload(port) {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Length': size, Expect: '100-continue' }
    const request = http.request({ port, method: 'PUT', headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece) => {
        text += piece
      })
      response.on('end', () => resolve(text))
    })
    request.on('error', reject)
    let left = size
    const write = () => {
      while (left > 0) {
        const piece = PIECE.subarray(0, Math.min(left, PIECE.length))
        left -= piece.length
        if (!request.write(piece)) break
      }
      if (left === 0) request.end()
      else request.once('drain', write)
    }
    request.once('continue', write)
    request.flushHeaders()
  })
}
