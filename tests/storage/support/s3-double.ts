// As much of S3's wire as Swift does not show: a storage that says SlowDown, is silent, breaks off in the
// middle, loses a race for a key, or is asked for what it does not do. It never reads before it answers.

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Running, serve } from '../../support/server.js'

export interface Asked {
  readonly method: string
  readonly target: string
  readonly headers: http.IncomingHttpHeaders
  /** Bytes of content that came. */
  received: number
}

export interface S3Double extends Running {
  readonly endpoint: string
  readonly asked: Asked[]
}

export type Answering = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  asked: Asked,
) => void

export async function s3Double(answer: Answering): Promise<S3Double> {
  const asked: Asked[] = []
  const server = http.createServer()
  for (const event of ['request', 'checkContinue'] as const) {
    server.on(event, (request: http.IncomingMessage, response: http.ServerResponse) => {
      const { method = '', url: target = '', headers } = request
      const facts = { method, target, headers, received: 0 }
      asked.push(facts)
      request.on('error', () => undefined)
      answer(request, response, facts)
    })
  }
  const running = await serve(server)
  const { port } = server.address() as AddressInfo
  return { ...running, endpoint: `http://127.0.0.1:${port}`, asked }
}

/** What was asked for, by its name; a part by its number. */
export const commands = (asked: readonly Asked[]): readonly string[] =>
  asked.map(({ method, target }) => {
    if (method === 'POST') return target.includes('uploadId') ? 'complete' : 'create'
    if (method === 'DELETE') return 'abort'
    return /partNumber=(\d+)/.exec(target)?.[1] ?? 'put'
  })

/** Takes the content, then answers as S3 does to each of the commands of an upload. */
export function take(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  asked: Asked,
  seen: () => void = () => undefined,
): void {
  if (request.headers.expect !== undefined) response.writeContinue()
  request.on('data', (chunk: Buffer) => {
    asked.received += chunk.length
    seen()
  })
  request.on('end', () => {
    response.setHeader('ETag', '"etag"')
    if (request.method === 'DELETE') response.writeHead(204).end()
    else if (request.method === 'POST') response.end(xml(asked.target))
    else response.end()
  })
}

function xml(target: string): string {
  const name = target.includes('uploadId')
    ? 'CompleteMultipartUploadResult'
    : 'InitiateMultipartUploadResult'
  return `<${name}><Bucket>b</Bucket><Key>k</Key><UploadId>u1</UploadId></${name}>`
}

export function refuse(
  response: http.ServerResponse,
  status: number,
  code: string,
  fields: http.OutgoingHttpHeaders = {},
): void {
  const body = `<Error><Code>${code}</Code><Message>The bucket of the secret project</Message></Error>`
  response.writeHead(status, { 'Content-Type': 'application/xml', ...fields }).end(body)
}
