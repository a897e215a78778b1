// The variants with pages of the proxy's own: the right status, the brand, made as the library's page.
import { errorHandler, Refusal } from '@expectation/express'
import express, { type Express } from 'express'
import { behind } from './behind.js'
import { configs } from './configs.js'
import { testBehind } from './proxy-test.js'

jest.setTimeout(60_000)

/** A service that refuses with the status in the path. */
function refusing(): Express {
  const app = express()
  app.put('/:status', (req) => {
    throw new Refusal(Number(req.params.status), { details: 'Words of the service' })
  })
  app.use(errorHandler())
  return app
}

const TITLES = [
  [401, 'unauthorized', '401 Unauthorized'],
  [413, 'content_too_large', '413 Content Too Large'],
  [417, 'unsupported_expectation', '417 Expectation Failed'],
] as const

for (const config of ['nginxBranded', 'apacheBranded'] as const) {
  for (const [status, reason, title] of TITLES) {
    testBehind(config)(
      `${config}: ${status} is the branded page, or JSON for programs`,
      async () => {
        const proxied = await behind(configs[config], refusing())
        const target = `/${status}`
        const page = await proxied.upload({ target, small: true, headers: ['Accept: text/html'] })
        expect(page.status).toBe(status)
        expect(page.contentType).toBe('text/html; charset=utf-8')
        expect(page.body).toContain(`<h1>${title}</h1>`)
        expect(page.body).toContain('Example Films</header>')
        expect(page.body).not.toContain('Words of the service')
        expect(page.headers).toMatch(/^cache-control: no-store/im)
        if (status === 401) expect(page.headers).toMatch(/^www-authenticate: Bearer/im)

        const json = await proxied.upload({ target, small: true, headers: ['Accept: */*'] })
        expect(json.status).toBe(status)
        expect(json.contentType).toMatch(/^application\/json/)
        expect(JSON.parse(json.body)).toMatchObject({ error: { code: status, reason } })
      },
    )
  }

  testBehind(config)(`${config}: other errors and answers stay the service's own`, async () => {
    const proxied = await behind(configs[config], refusing())
    const other = await proxied.upload({ target: '/415', small: true })
    expect(other.status).toBe(415)
    expect(other.body).toContain('Words of the service')
  })
}

testBehind('apache')('apache: its own 417 is the page too', async () => {
  const proxied = await behind(configs.apache)
  const headers = ['Expect: something-else', 'Accept: text/html']
  const page = await proxied.upload({ token: 'right', small: true, headers })
  expect(page.status).toBe(417)
  expect(page.body).toContain('<h1>417 Expectation Failed</h1>')
})
