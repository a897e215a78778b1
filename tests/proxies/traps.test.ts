// Settings that look harmless and are not: each does what docs/proxies.md warns of.
import { errorHandler, expectation } from '@expectation/express'
import express from 'express'
import { RawClient } from '../support/raw-client.js'
import { behind } from './behind.js'
import { configs } from './configs.js'
import { amountOf, seeAccepted, seeRefused } from './observe.js'
import { testBehind } from './proxy-test.js'

jest.setTimeout(60_000)

const ASKING = 'Expect: 100-continue'
const SILENT = 'Expect:'

testBehind('nginxForwarding')(
  "nginx that forwards Expect takes the service's 100 for the answer when it comes before content",
  async () => {
    const proxied = await behind(configs.nginxForwarding)
    const client = await RawClient.connect({ port: Number(new URL(proxied.url).port) })
    client.send(
      'PUT /files/clip.mp4 HTTP/1.1\r\nHost: proxied\r\nAuthorization: Bearer right\r\n' +
        'Content-Type: video/mp4\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\n',
    )
    await client.continue()
    for (let waits = 0; proxied.far.seen().continues === 0 && waits < 50; waits += 1) {
      await client.quiet(100)
    }
    await client.quiet(100)
    client.send('content')
    await client.quiet(1500)
    expect(proxied.far.seen().continues).toBe(1)
    const silent = await proxied.upload({ token: 'right', headers: [SILENT] })
    expect(silent.status).toBeLessThan(300)
  },
)

testBehind('nginxDefaultSize')(
  'nginx without client_max_body_size: 413 in its own words for what the service would take',
  async () => {
    const proxied = await behind(configs.nginxDefaultSize)
    const refused = await proxied.upload({ token: 'right', headers: [ASKING] })
    expect(refused.status).toBe(413)
    expect(refused.contentType).toBe('text/html')
    expect(refused.body).not.toContain('content_too_large')
    expect(amountOf(proxied.far.seen())).toBe('nothing')
  },
)

testBehind('haproxyBuffered')(
  'HAProxy that looks into the content: it asks for it before the service is asked',
  async () => {
    const proxied = await behind(configs.haproxyBuffered)
    expect(await seeAccepted(proxied, ASKING)).toEqual({
      status: 201,
      continueFrom: 'proxy',
      serviceSawExpect: false,
    })
    const refused = await seeRefused(proxied, ASKING)
    expect(refused).toMatchObject({ status: 401, words: 'service', continueFrom: 'proxy' })
  },
)

testBehind('apache')(
  'Apache reads everything from a client that does not ask: more than `linger` takes is a 502',
  async () => {
    const app = express()
    const linger = { maxBytes: '2mb' }
    app.use(expectation({ maxContentLength: '1mb', linger }))
    app.use(errorHandler())
    const proxied = await behind(configs.apache, app)
    const silent = await proxied.upload({ headers: [SILENT] })
    expect(silent.status).toBe(502)
    const asking = await proxied.upload({ headers: [ASKING] })
    expect(asking.status).toBe(413)
    expect(asking.body).toContain('content_too_large')
    expect(amountOf(proxied.far.seen())).toBe('nothing')
  },
)
