// TLS with ALPN `h2` in front of an upstream that speaks plain bytes.
import net, { type AddressInfo, type Socket } from 'node:net'
import tls from 'node:tls'
import { certificate } from '../../support/certificate.js'
import { afterThisTest } from '../../support/cleanup.js'

/** @returns Its origin, whose certificate is that of the tests. */
export async function behindTls(port: number): Promise<string> {
  const sockets: Socket[] = []
  const server = tls.createServer({ ...certificate, ALPNProtocols: ['h2'] }, (secured) => {
    const plain = net.connect(port, '127.0.0.1')
    for (const socket of [secured, plain]) {
      sockets.push(socket)
      socket.on('error', () => undefined)
    }
    secured.pipe(plain).pipe(secured)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return `https://localhost:${(server.address() as AddressInfo).port}`
}
