// The JSON shapes of an error body as schemas; refusal/shapes.ts makes the bodies themselves.

import type { OpenApiSchema } from './document.js'

const REASON: OpenApiSchema = {
  type: 'string',
  description: 'Stable slug to match on: one of the catalogue, or the application’s own.',
  pattern: '^[a-z][a-z0-9_]*$',
  examples: ['content_too_large'],
}

const MESSAGE: OpenApiSchema = { type: 'string', description: 'For people; may change.' }

const STATUS: OpenApiSchema = {
  type: 'integer',
  description: 'The status of the response.',
  minimum: 400,
  maximum: 599,
}

const FACTS: OpenApiSchema = {
  type: 'object',
  description: 'What helps to do better, as data.',
  additionalProperties: true,
}

const DETAILS: OpenApiSchema = {
  description: 'What helps to do better.',
  anyOf: [{ type: 'string' }, FACTS],
}

/** `{ error: { code, reason, message, details? } }` */
export const errorSchema: OpenApiSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'reason', 'message'],
      properties: { code: STATUS, reason: REASON, message: MESSAGE, details: DETAILS },
    },
  },
}

/** `{ error, message }` */
export const flatSchema: OpenApiSchema = {
  type: 'object',
  required: ['error', 'message'],
  properties: { error: REASON, message: MESSAGE },
}

/** Problem details (RFC 9457). */
export const problemSchema: OpenApiSchema = {
  type: 'object',
  description: 'Problem details (RFC 9457).',
  required: ['type', 'title', 'status', 'reason'],
  properties: {
    type: {
      type: 'string',
      format: 'uri',
      description: 'Names the reason; need not be fetched.',
    },
    title: { type: 'string', description: 'The reason phrase of the status.' },
    status: STATUS,
    detail: { type: 'string', description: 'For people; may change.' },
    reason: REASON,
    details: FACTS,
  },
}
