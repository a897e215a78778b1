// Is this a request of Node, and its response? By what they can do, as they may be of another realm, or
// stand behind a proxy. A framework's own request is none: Koa's and Fastify's hold Node's.

import { OptionError } from '@expectation/core'
import { fieldOf } from '../field-of.js'

const REQUEST = "Give Node's request: req in Express, ctx.req in Koa, request.raw in Fastify."
const RESPONSE = "Give Node's response: res in Express, ctx.res in Koa, reply.raw in Fastify."

/** @throws `OptionError` for anything else. */
export function checkMessages(subject: string, request: unknown, response: unknown): void {
  if (!isRequest(request)) {
    throw new OptionError({ option: `${subject}.request`, received: request, remedy: REQUEST })
  }
  if (!isResponse(response)) {
    throw new OptionError({ option: `${subject}.response`, received: response, remedy: RESPONSE })
  }
}

function isRequest(value: unknown): boolean {
  const headers = fieldOf(value, 'headers')
  if (typeof headers !== 'object' || headers === null) return false
  return emits(value) && typeof fieldOf(value, 'readableDidRead') === 'boolean'
}

function isResponse(value: unknown): boolean {
  return emits(value) && typeof fieldOf(value, 'writableEnded') === 'boolean'
}

function emits(value: unknown): boolean {
  return typeof fieldOf(value, 'once') === 'function'
}
