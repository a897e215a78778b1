// What callers of an upload may be answered, for the API's own OpenAPI 3.1 document. Everything comes
// from the catalogue and the shapes of bodies, so it cannot say something else than the wire.

import { type CatalogueEntry, catalogue, titleFor } from '../refusal/catalogue.js'
import { errorBody, flatBody, problemBody } from '../refusal/shapes.js'
import { OptionError } from '../validation/option-error.js'
import { rejectUnknownNames } from '../validation/unknown-names.js'
import type {
  OpenApiComponents,
  OpenApiHeader,
  OpenApiMediaType,
  OpenApiReference,
  OpenApiResponse,
} from './document.js'
import { exampleOf } from './examples.js'
import { HEADERS, ON_EVERY_REFUSAL, ON_STATUS } from './headers.js'
import { RESPONSES } from './lift.js'
import { errorSchema, flatSchema, problemSchema } from './schemas.js'

export interface OpenApiOptions {
  /**
   * The shape of error bodies, as the gate has it. A function of the application's own has no schema
   * here. Default `'error'`, as the gate's. Problem details are always among them: a client may
   * prefer them.
   */
  readonly format?: 'error' | 'problem' | 'flat' | undefined
  /** What the names of all components begin with. Default `'Upload'`: `UploadContentTooLarge`. */
  readonly prefix?: string | undefined
}

/** Statuses that a gate, or what usually stands before an upload, answers with. */
const STATUSES = [400, 401, 408, 411, 413, 415, 417, 429, 431, 503] as const

const SHAPES = {
  error: { name: 'Error', schema: errorSchema, body: errorBody },
  flat: { name: 'FlatError', schema: flatSchema, body: flatBody },
  problem: { name: 'Problem', schema: problemSchema, body: problemBody },
} as const

type Shape = keyof typeof SHAPES

/** OpenAPI 3.1: names of components. */
const PREFIX = /^[A-Za-z0-9._-]*$/

/**
 * Schemas, headers and responses of refusals, for `components` of an OpenAPI 3.1 document: a plain
 * one, or the `openapi` option of `@fastify/swagger`.
 *
 * @throws {@link OptionError} for a format or prefix that cannot be used, and for an unknown name.
 */
export function openApiComponents(options: OpenApiOptions = {}): OpenApiComponents {
  const { format, prefix } = settingsOf(options)
  const shapes: readonly Shape[] = format === 'problem' ? ['problem'] : [format, 'problem']
  return {
    schemas: Object.fromEntries(
      shapes.map((shape) => [prefix + SHAPES[shape].name, structuredClone(SHAPES[shape].schema)]),
    ),
    headers: Object.fromEntries(
      Object.entries<OpenApiHeader>(HEADERS).map(([name, header]): [string, OpenApiHeader] => [
        prefix + withoutDashes(name),
        structuredClone(header),
      ]),
    ),
    responses: Object.fromEntries(
      STATUSES.map((status) => [responseName(status, prefix), responseOf(status, shapes, prefix)]),
    ),
  }
}

/**
 * References to these responses by status, for `responses` of each operation that takes an upload, or
 * for `schema.response` of a Fastify route. `@fastify/swagger` then takes them for schemas:
 * {@link liftOpenApiResponses} puts them right.
 *
 * @throws {@link OptionError} as {@link openApiComponents} does.
 */
export function openApiResponses(options: OpenApiOptions = {}): Record<string, OpenApiReference> {
  const { prefix } = settingsOf(options)
  return Object.fromEntries(
    STATUSES.map((status) => [String(status), referenceTo(responseName(status, prefix))]),
  )
}

/**
 * Fastify compiles a serializer from each entry of `schema.response`, and cannot resolve a reference
 * into a document. It asks for `content` first: where that is empty there is nothing to compile, and
 * bodies are written as they would be without the entry. Not enumerable, as it is no part of a
 * reference (OpenAPI 3.1 section 4.8.23).
 */
function referenceTo(response: string): OpenApiReference {
  const reference: OpenApiReference = { $ref: RESPONSES + response }
  return Object.defineProperty(reference, 'content', { value: Object.freeze({}) })
}

function settingsOf(options: OpenApiOptions): { format: Shape; prefix: string } {
  rejectUnknownNames('openApiComponents', options, ['format', 'prefix'])
  const { format = 'error', prefix = 'Upload' } = options
  if (!Object.hasOwn(SHAPES, format)) {
    throw new OptionError({
      option: 'openApiComponents.format',
      received: format,
      remedy: "Give 'error', 'problem' or 'flat'.",
    })
  }
  if (typeof prefix !== 'string' || !PREFIX.test(prefix)) {
    throw new OptionError({
      option: 'openApiComponents.prefix',
      received: prefix,
      remedy: 'Use letters, digits, dots, underscores and dashes.',
    })
  }
  return { format, prefix }
}

function responseOf(status: number, shapes: readonly Shape[], prefix: string): OpenApiResponse {
  const names = [...ON_EVERY_REFUSAL, ...(ON_STATUS.get(status) ?? [])]
  const reasons = catalogue.filter((entry) => entry.status === status)
  return {
    description: `${titleFor(status)}. ${reasons.map(({ meaning }) => meaning).join(' ')}`,
    headers: Object.fromEntries(
      names.map((name) => [name, { $ref: `#/components/headers/${prefix}${withoutDashes(name)}` }]),
    ),
    content: {
      ...Object.fromEntries(
        shapes.map((shape) => [typeOf(shape), contentOf(shape, reasons, prefix)]),
      ),
      'text/html': { schema: { type: 'string', description: 'For a browser that asks for it.' } },
    },
  }
}

function contentOf(
  shape: Shape,
  reasons: readonly CatalogueEntry[],
  prefix: string,
): OpenApiMediaType {
  const { name, body } = SHAPES[shape]
  return {
    schema: { $ref: `#/components/schemas/${prefix}${name}` },
    examples: Object.fromEntries(
      reasons.map(({ reason, status, meaning }) => {
        // As on the wire: members without a value are not there.
        const value = JSON.parse(JSON.stringify(body(exampleOf(status, reason))))
        return [reason, { summary: meaning, value }]
      }),
    ),
  }
}

function typeOf(shape: Shape): string {
  return shape === 'problem' ? 'application/problem+json' : 'application/json'
}

function responseName(status: number, prefix: string): string {
  return prefix + titleFor(status).replaceAll(' ', '')
}

function withoutDashes(name: string): string {
  return name.replaceAll('-', '')
}
