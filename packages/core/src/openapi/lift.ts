// References to responses, put where OpenAPI has them. Generators that read JSON Schema, such as
// @fastify/swagger, take a reference in `schema.response` for a schema and wrap it in a response.

/** What references to responses of a document begin with (OpenAPI 3.1 section 4.8.23). */
export const RESPONSES = '#/components/responses/'

/**
 * A copy of an OpenAPI document in which every response that only wraps a reference to a response is
 * that reference. For `transformObject` of `@fastify/swagger`:
 *
 * @example
 * transformObject: (given) =>
 *   'openapiObject' in given ? liftOpenApiResponses(given.openapiObject) : given.swaggerObject
 */
export function liftOpenApiResponses<Document extends object>(document: Document): Document {
  const copy = structuredClone(document)
  for (const responses of responsesIn(copy)) {
    for (const [status, response] of Object.entries(responses)) {
      const reference = wrappedReference(response)
      if (reference !== undefined) Reflect.set(responses, status, { $ref: reference })
    }
  }
  return copy
}

/** The `responses` of every operation. */
function responsesIn(document: object): readonly object[] {
  return membersOf(member(document, 'paths'))
    .flatMap(membersOf)
    .map((operation) => member(operation, 'responses'))
    .filter(isObject)
}

function wrappedReference(response: unknown): string | undefined {
  const references = membersOf(member(response, 'content')).map((media) =>
    member(member(media, 'schema'), '$ref'),
  )
  const reference = references.find(
    (each): each is string => typeof each === 'string' && each.startsWith(RESPONSES),
  )
  return references.every((each) => each === reference) ? reference : undefined
}

function membersOf(value: unknown): readonly unknown[] {
  return isObject(value) ? Object.values(value) : []
}

function member(value: unknown, name: string): unknown {
  return isObject(value) ? Reflect.get(value, name) : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
