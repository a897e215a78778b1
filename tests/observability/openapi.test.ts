// Callers can read what an upload must be like: the components stand in a plain document and in one
// of @fastify/swagger, and a real linter of OpenAPI has nothing to say about either.

import { spawn } from 'node:child_process'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { liftOpenApiResponses, openApiComponents, openApiResponses } from '@expectation/core'
import { expectation } from '@expectation/fastify'
import swagger from '@fastify/swagger'
import fastify from 'fastify'

interface Problem {
  readonly ruleId: string
  readonly message: string
}

async function lint(document: unknown): Promise<readonly Problem[]> {
  const script = path.join(__dirname, 'support/lint-openapi.mjs')
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(document))
  return JSON.parse(await text(child.stdout)) as readonly Problem[]
}

function plain(format: 'error' | 'problem' | 'flat') {
  return {
    openapi: '3.1.0',
    info: { title: 'Files', version: '1.0.0', description: 'Takes files.' },
    servers: [{ url: 'https://files.test' }],
    paths: {
      '/files': {
        post: {
          operationId: 'save',
          summary: 'Saves a file',
          requestBody: { content: { 'application/octet-stream': { schema: { type: 'string' } } } },
          responses: { '201': { description: 'Saved' }, ...openApiResponses({ format }) },
        },
      },
    },
    components: openApiComponents({ format }),
  }
}

test.each(['error', 'problem', 'flat'] as const)(
  "a plain document with format '%s' is without fault",
  async (format) => {
    expect(await lint(plain(format))).toEqual([])
  },
)

test('the linter is awake: it sees a reference that leads nowhere, and a body that is not one', async () => {
  const document = plain('error')
  delete document.components.headers.UploadAccept
  const example = document.components.responses.UploadLengthRequired?.content['application/json']
  if (example?.examples?.length_required !== undefined) {
    example.examples.length_required.value = { error: { code: 'many' } }
  }
  const rules = (await lint(document)).map(({ ruleId }) => ruleId)
  expect(rules).toEqual(
    expect.arrayContaining(['no-unresolved-refs', 'no-invalid-media-type-examples']),
  )
})

test('the document of @fastify/swagger is without fault, and names the refusals', async () => {
  const app = fastify()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Files', version: '1.0.0' },
      servers: [{ url: 'https://files.test' }],
      components: openApiComponents(),
    },
    transformObject: (given) =>
      'openapiObject' in given ? liftOpenApiResponses(given.openapiObject) : given.swaggerObject,
  })
  await app.register(expectation)
  app.put('/files/:name', {
    schema: {
      operationId: 'save',
      summary: 'Saves a file',
      params: { type: 'object', properties: { name: { type: 'string' } } },
      response: {
        200: { description: 'Saved', type: 'object', properties: {} },
        ...openApiResponses(),
      },
    },
    handler: async () => ({}),
  })
  await app.ready()
  const document = app.swagger()
  await app.close()
  expect(document.paths?.['/files/{name}']?.put?.responses).toMatchObject({
    '200': { description: 'Saved' },
    '417': { $ref: '#/components/responses/UploadExpectationFailed' },
  })
  expect(await lint(document)).toEqual([])
})
