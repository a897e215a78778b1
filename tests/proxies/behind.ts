// The upload service behind a proxy, with a counting relay on either side of it:
// curl -> relay -> proxy -> relay -> service.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { attach } from '@expectation/core/node'
import { startProxy } from '@expectation/example-proxy-kit'
import { createFeed, openStorage } from '@expectation/example-uploads-kit'
import { createApp } from '../../examples/express-uploads/src/server.js'
import { afterThisTest } from '../support/cleanup.js'
import { type CurlResult, curlUpload } from '../support/curl-upload.js'
import { freePort } from '../support/free-port.js'
import { serve } from '../support/server.js'
import { type Tap, tap } from '../support/tap.js'
import type { ProxyConfig } from './configs.js'

export const CONTENT_BYTES = 20_000_000

const folder = mkdtempSync(path.join(tmpdir(), 'expectation-proxies-'))
const clip = path.join(folder, 'clip.mp4')
const small = path.join(folder, 'small.mp4')
beforeAll(() => {
  writeFileSync(clip, randomBytes(CONTENT_BYTES))
  writeFileSync(small, 'small')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

export interface Behind {
  readonly url: string
  /** Between client and proxy, and between proxy and service. */
  readonly near: Tap
  readonly far: Tap
  /** The `Expect` of each request that the service has seen, since the last `reset`. */
  readonly expects: readonly (string | undefined)[]
  /** One upload of 20 MB, counted from zero. */
  upload(options?: UploadOptions): Promise<CurlResult>
}

export interface UploadOptions {
  readonly token?: string
  readonly headers?: readonly string[]
  readonly target?: string
  /** 5 bytes in the place of 20 MB. */
  readonly small?: boolean
}

/** The service of the Express example; its token is `right`. */
async function exampleService(): Promise<http.RequestListener> {
  const token = 'right'
  const storage = await openStorage(mkdtempSync(path.join(folder, 'stored-')))
  const feed = createFeed()
  afterThisTest(() => feed.close())
  return createApp({ storage, feed, token, log: () => {}, logFailure: () => {} })
}

export async function behind(
  { program, text }: ProxyConfig,
  listener?: http.RequestListener,
): Promise<Behind> {
  const app = listener ?? (await exampleService())
  const expects: (string | undefined)[] = []
  const server = http.createServer((request, response) => {
    expects.push(request.headers.expect)
    app(request, response)
  })
  attach(server)
  const service = await serve(server)
  const far = await tap(service)
  const port = await freePort()
  const proxy = await startProxy({ program, config: text, port, appPort: far.port })
  afterThisTest(() => proxy.stop())
  const near = await tap(proxy)
  const url = `http://127.0.0.1:${near.port}`
  return {
    url,
    near,
    far,
    expects,
    async upload(options = {}) {
      const { token: given, headers = [], target = '/files/clip.mp4' } = options
      near.reset()
      far.reset()
      expects.length = 0
      const credentials = given === undefined ? [] : [`Authorization: Bearer ${given}`]
      const fields = ['Content-Type: video/mp4', ...credentials, ...headers]
      const result = await curlUpload({
        file: options.small ? small : clip,
        url: url + target,
        headers: fields,
      })
      await far.quiet()
      return result
    },
  }
}
