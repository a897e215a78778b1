import { catalogue } from '../refusal/catalogue.js'
import * as stock from '../refusal/stock.js'
import { OptionError } from '../validation/option-error.js'
import { openApiComponents, openApiResponses } from './components.js'

const STATUSES = ['400', '401', '408', '411', '413', '415', '417', '429', '431', '503']

test('every status has a response, and every reference leads to it', () => {
  const { responses } = openApiComponents()
  const references = openApiResponses()
  expect(Object.keys(references)).toEqual(STATUSES)
  const names = Object.values(references).map(({ $ref }) => $ref.split('/').at(-1))
  expect(Object.keys(responses)).toEqual(names)
})

test('whatever a gate refuses by itself is among them', () => {
  const refusals = Object.values(stock).map((refuse) => Reflect.apply(refuse, undefined, [[]]))
  // Of the storage, which answers in the application's place.
  const statuses = new Set(
    refusals.map(({ status }) => String(status)).filter((each) => each !== '404'),
  )
  expect(STATUSES).toEqual(expect.arrayContaining([...statuses]))
  expect(statuses.size).toBeGreaterThan(5)
})

test('every reason of a status has an example, which is the body itself', () => {
  const { responses } = openApiComponents()
  const examples = responses.UploadContentTooLarge?.content['application/json']?.examples
  expect(examples?.content_too_large?.value).toEqual({
    error: {
      code: 413,
      reason: 'content_too_large',
      message: 'Content Too Large',
      details: { limit: 104_857_600, declared: 5_368_709_120 },
    },
  })
  const shown = Object.values(responses).flatMap(({ content }) =>
    Object.keys(content['application/json']?.examples ?? {}),
  )
  const known = catalogue.filter(({ status }) => STATUSES.includes(String(status)))
  expect(shown.sort()).toEqual(known.map(({ reason }) => reason).sort())
})

test('what a status requires is among its headers', () => {
  const { responses } = openApiComponents()
  const headers = (name: string) => Object.keys(responses[name]?.headers ?? {})
  expect(headers('UploadUnauthorized')).toContain('WWW-Authenticate')
  expect(headers('UploadUnsupportedMediaType')).toEqual(
    expect.arrayContaining(['Accept', 'Accept-Encoding']),
  )
  expect(headers('UploadTooManyRequests')).toContain('Retry-After')
  expect(headers('UploadServiceUnavailable')).toContain('Retry-After')
})

test.each([
  ['error', ['UploadError', 'UploadProblem'], ['application/json', 'application/problem+json']],
  ['flat', ['UploadFlatError', 'UploadProblem'], ['application/json', 'application/problem+json']],
  ['problem', ['UploadProblem'], ['application/problem+json']],
] as const)("format '%s' has the schemas that bodies can have", (format, schemas, types) => {
  const components = openApiComponents({ format })
  expect(Object.keys(components.schemas)).toEqual(schemas)
  const { content } = components.responses.UploadExpectationFailed ?? {}
  expect(Object.keys(content ?? {})).toEqual([...types, 'text/html'])
})

test('names can be told apart from the application’s own', () => {
  const { responses, schemas } = openApiComponents({ prefix: 'Media.' })
  expect(Object.keys(schemas)).toContain('Media.Error')
  expect(Object.keys(responses)).toContain('Media.LengthRequired')
  expect(openApiResponses({ prefix: 'Media.' })['411']).toEqual({
    $ref: '#/components/responses/Media.LengthRequired',
  })
})

test('what is given belongs to the caller: changing it changes no other', () => {
  const first = openApiComponents()
  delete first.schemas.UploadError?.properties
  expect(openApiComponents().schemas.UploadError?.properties).toBeDefined()
})

test.each([
  [{ format: 'html' }, 'openApiComponents.format cannot be "html"'],
  [{ format: 'toString' }, 'openApiComponents.format cannot be "toString"'],
  [{ prefix: 'Über' }, 'openApiComponents.prefix cannot be "Über"'],
  [{ formats: 'error' }, 'Did you mean format?'],
])('%j throws', (options, message) => {
  const wrong = options as Parameters<typeof openApiComponents>[0]
  expect(() => openApiComponents(wrong)).toThrow(OptionError)
  expect(() => openApiResponses(wrong)).toThrow(message)
})
