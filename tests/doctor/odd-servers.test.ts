// Servers that cannot be looked at, and do not say so: one clear line each, and exit code 2.

import http2 from 'node:http2'
import https from 'node:https'
import net from 'node:net'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { freePort } from '../support/free-port.js'
import { doctorCommand } from './command.js'

/** Sends it to each connection, again and again once it was asked. */
async function sending(first: string, rest: string): Promise<string> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write(first)
      const timer = setInterval(() => socket.write(rest.repeat(50)), 10)
      socket.once('close', () => clearInterval(timer))
    })
    afterThisTest(() => void socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(() => void server.close())
  return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`
}

async function tls(server: https.Server | http2.Http2SecureServer): Promise<string> {
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(() => void server.close())
  return `https://127.0.0.1:${(server.address() as net.AddressInfo).port}`
}

const WANTING = { requestCert: true, rejectUnauthorized: true } as const

const servers: readonly [string, () => Promise<string>, RegExp][] = [
  [
    'HTTP/2 only (RFC 7301 3.2)',
    () => tls(http2.createSecureServer(certificate)),
    / does not speak HTTP\/1\.1 over TLS, as if it spoke HTTP\/2 only\./,
  ],
  [
    'a version of TLS that is too old (RFC 8446 6.2)',
    () => tls(https.createServer({ ...certificate, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })),
    / does not agree to TLS with the doctor \(.*version/,
  ],
  [
    'one that wants a certificate, TLS 1.3 (RFC 8446 4.4.2.4: told behind the handshake)',
    () => tls(https.createServer({ ...certificate, ...WANTING, minVersion: 'TLSv1.3' })),
    / wants a certificate of its clients\. The doctor has none/,
  ],
  [
    'one that wants a certificate, TLS 1.2 (RFC 5246 7.4.6: told in the handshake)',
    () => tls(https.createServer({ ...certificate, ...WANTING, maxVersion: 'TLSv1.2' })),
    / does not agree to TLS .* It may want a certificate of its clients/,
  ],
  [
    'one that takes TLS, and ends connections without an answer',
    () => tls(https.createServer(certificate, (request) => void request.socket.destroy())),
    / accepts connections and ends them without an answer\./,
  ],
  [
    'an answer without an end',
    () => sending('HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nx\r\n'),
    / does not end its answer within 0\.5 s\./,
  ],
  [
    'interim answers without an end',
    () => sending('', 'HTTP/1.1 102 Processing\r\n\r\n'),
    / does not answer, but for 102, within 0\.5 s\./,
  ],
]

test('a proxy that wants a certificate, TLS 1.3: told with both ends, too', async () => {
  const url = await tls(https.createServer({ ...certificate, ...WANTING, minVersion: 'TLSv1.3' }))
  const origin = ['--origin', String(await freePort())]
  const { code, told } = await doctorCommand(['--behind', url, ...origin, '--insecure'])
  expect(code).toBe(2)
  expect(told).toMatch(/ wants a certificate of its clients\. The doctor has none/)
})

test.each(servers)('%s', async (_what, start, line) => {
  const url = await start()
  const { code, out, told } = await doctorCommand([url, '--insecure', '--timeout', '0.5'])
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(told).toMatch(line)
  expect(told.trimEnd().split('\n')).toHaveLength(1)
  expect(told.length).toBeLessThan(250)
})
