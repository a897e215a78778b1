// As much of S3's wire as the recipes use: objects by PUT, in one request or in parts, and what it holds.
import http from 'node:http'
import { afterThisTest } from '../../support/cleanup.js'
import { serve } from '../../support/server.js'
import { contentOf } from '../../support/uploads.js'

/** What the AWS SDK for JavaScript reads from the environment to talk to it. */
export async function objectStorage(): Promise<Readonly<Record<string, string>>> {
  const server = http.createServer((request, response) => {
    // Who breaks an upload off gets no answer.
    store(request, response).catch(() => response.destroy())
  })
  const { port } = await serve(server)
  afterThisTest(() => server.closeAllConnections())
  return {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
  }
}

async function store(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const { searchParams } = new URL(request.url ?? '/', 'http://storage')
  await contentOf(request)
  response.setHeader('ETag', '"etag"')
  if (request.method !== 'POST') return void response.end()
  response.setHeader('Content-Type', 'application/xml')
  const done = searchParams.has('uploadId')
  const name = done ? 'CompleteMultipartUploadResult' : 'InitiateMultipartUploadResult'
  response.end(`<${name}><Bucket>b</Bucket><Key>k</Key><UploadId>1</UploadId></${name}>`)
}
