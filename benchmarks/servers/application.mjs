// What every server here does, so that all do the same work: the answer to GET, to a JSON post, to
// an upload that is counted, and the body of a refusal.

import { LIMIT_BYTES } from '../load/requests.mjs'

export { LIMIT_BYTES }

export const GREETING = { hello: 'world' }
export const REFUSAL_BODY = {
  error: {
    code: 413,
    reason: 'content_too_large',
    message: 'Content Too Large',
    details: { limit: LIMIT_BYTES, declared: LIMIT_BYTES + 1 },
  },
}

/** A policy with every rule on, so that each is paid for. */
export const POLICY = {
  maxContentLength: LIMIT_BYTES,
  acceptedTypes: ['application/json', 'application/octet-stream', 'video/*'],
  acceptedCodings: ['gzip'],
}

export function tooLarge(request) {
  return Number(request.headers['content-length']) > LIMIT_BYTES
}

export function countContent(request, done) {
  let bytes = 0
  request.on('data', (chunk) => {
    bytes += chunk.length
  })
  request.on('end', () => done(bytes))
}

export function readText(request, done) {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => done(Buffer.concat(chunks).toString()))
}
