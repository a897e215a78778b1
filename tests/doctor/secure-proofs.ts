// For the rules about TLS and HTTP/2: servers that speak them, with a certificate that nobody knows. What
// needs a trusted one is asked of the command, which is told to trust it.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http2 from 'node:http2'
import https from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { attach } from '@expectation/core/node'
import { doctor, type Report } from '@expectation/doctor'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { serve } from '../support/server.js'
import { doctorCommand } from './command.js'
import { expired } from './expired.js'

type Certificate = { readonly key: string; readonly cert: string }

async function secure(given: Certificate = certificate): Promise<string> {
  const server = https.createServer(given, (_request, response) =>
    response.writeHead(404).end('no'),
  )
  return (await serve(server)).url.replace('http:', 'https:')
}

type Stream = (stream: http2.ServerHttp2Stream) => void

async function secureHttp2(answer: Stream | undefined): Promise<string> {
  const server = http2.createSecureServer({ ...certificate, allowHTTP1: true })
  const sessions = new Set<http2.ServerHttp2Session>()
  server.on('session', (session) => sessions.add(session))
  server.on('sessionError', () => undefined)
  server.on('request', (request, response) => {
    if (request.httpVersion !== '2.0') return void response.writeHead(404).end('no')
    if (answer !== undefined) answer(request.stream)
    else response.writeHead(404).end('no')
  })
  if (answer === undefined) attach(server, {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(async () => {
    for (const session of sessions) session.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  return `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

const look = async (url: string): Promise<Report> =>
  doctor(url, { insecure: true, timeoutMs: 1_500 })

/** One that ends soon; OpenSSL is where Node is tested. */
function endingSoon(): Certificate {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-doctor-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')]
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  execFileSync('openssl', [...args, '-days', '3', '-subj', '/CN=a', '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  })
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

async function trusting(url: string): Promise<Report> {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-doctor-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'cert.pem')
  writeFileSync(file, certificate.cert)
  const { out } = await doctorCommand([url, '--json'], { env: { NODE_EXTRA_CA_CERTS: file } })
  return JSON.parse(out) as Report
}

export const secureProofs: Readonly<Record<string, () => Promise<Report>>> = {
  'D1401 D1504': async () => look(await secure()),
  'D1401 D1404': async () => look(await secure(expired)),
  'D1403 D1504': async () => trusting(await secure()),
  ...(hasOpenssl ? { D1402: async () => look(await secure(endingSoon())) } : {}),
  D1501: async () =>
    look(await secureHttp2((stream) => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR))),
  D1502: async () =>
    look(
      await secureHttp2((stream) => {
        stream.resume()
        stream.on('end', () => stream.respond({ ':status': 404 }, { endStream: true }))
      }),
    ),
  D1503: async () => look(await secureHttp2(undefined)),
}
