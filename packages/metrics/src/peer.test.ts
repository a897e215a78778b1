import { loadPeer, MissingPeerError } from './peer.js'

test('a peer that is not installed is named, with the command that installs it', () => {
  const load = (): never => {
    throw new Error('Cannot find module')
  }
  expect(() => loadPeer('prometheus', 'prom-client', load)).toThrow(MissingPeerError)
  expect(() => loadPeer('prometheus', 'prom-client', load)).toThrow(
    'prometheus() needs prom-client, which is not installed. Run: npm install prom-client',
  )
})

test('neither peer is loaded before it is needed', () => {
  jest.isolateModules(() => {
    for (const peer of ['prom-client', '@opentelemetry/api']) {
      jest.doMock(peer, () => {
        throw new Error(`${peer} was loaded`)
      })
    }
    const metrics: typeof import('./index.js') = require('./index.js')
    expect(() => metrics.prometheus()).toThrow(/prometheus\(\) needs prom-client/)
    expect(() => metrics.openTelemetry()).toThrow(/openTelemetry\(\) needs @opentelemetry\/api/)
  })
})
