// One upload by a client that waits for the 100 if it asked for one, and stops at the final answer
// unless it never looks. Tells when the answer came and how much content had gone out by then.

import net from 'node:net'

const PIECE = Buffer.alloc(64 * 1024, 'w')
const PATIENCE_MS = 60_000

/** @param looks - `false`: keeps on sending whatever is answered, until it is done or cut off. */
export function upload({ port, bytes, expects, looks }) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    let startedAt = 0
    let answer = ''
    let answeredMs
    let status
    let left = bytes
    let sending = false
    const timer = setTimeout(() => socket.destroy(new Error('No answer')), PATIENCE_MS)

    const send = () => {
      while (sending && left > 0) {
        const size = Math.min(left, PIECE.length)
        left -= size
        if (!socket.write(size === PIECE.length ? PIECE : PIECE.subarray(0, size))) return
      }
      if (left === 0 && status !== undefined) socket.end()
    }
    socket.once('connect', () => {
      startedAt = performance.now()
      const fields = ['Host: benchmark', 'Content-Type: video/mp4', `Content-Length: ${bytes}`]
      if (expects) fields.push('Expect: 100-continue')
      socket.write(['POST /upload HTTP/1.1', ...fields, '', ''].join('\r\n'))
      sending = !expects
      send()
    })
    socket.on('drain', send)
    socket.on('data', (chunk) => {
      if (status !== undefined) return
      answer += chunk.latin1Slice()
      const heads = answer.split('\r\n\r\n').slice(0, -1)
      const final = heads.find((head) => !head.startsWith('HTTP/1.1 1'))
      if (final === undefined) {
        if (heads.length > 0) sending = true
        send()
        return
      }
      answeredMs = performance.now() - startedAt
      status = Number(final.slice(9, 12))
      if (looks) sending = false
      if (!sending || left === 0) socket.destroy()
    })
    socket.on('end', () => {
      if (status === undefined) socket.destroy(new Error('Closed without an answer'))
    })
    socket.on('error', (error) => {
      // A client that never looks is cut off in the end.
      if (looks && status === undefined) reject(error)
    })
    socket.on('close', () => {
      clearTimeout(timer)
      resolve({ status, answeredMs, writtenBytes: bytes - left })
    })
  })
}
