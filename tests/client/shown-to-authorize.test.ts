// RFC 9110 section 15.5.2: a 401 without other credentials to try is the answer that the user is shown. So
// `upload()` gives back the answer that `authorize` has looked at, in whichever way it did.
import { type UploadOptions, type UploadResponse, upload } from '@expectation/client'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { scripted } from './upload-server.js'

forbidStrayErrors()

const CONTENT = '{"error":"who are you"}'

async function refused(options: UploadOptions) {
  const { url } = await scripted((_request, response) => {
    response.writeHead(401, { 'Content-Type': 'application/json' })
    response.write(CONTENT.slice(0, 5))
    setTimeout(() => response.end(CONTENT.slice(5)), 20)
  })
  return await within('an answer', upload(url, { body: 'a', retry: false, ...options }))
}

type Look = (response: UploadResponse) => unknown

const streams: Readonly<Record<string, Look>> = {
  'iterates `body`': async ({ body }) => {
    for await (const _piece of body ?? []);
  },
  'reads one piece of `body`': async ({ body }) => {
    const reader = body?.getReader()
    await reader?.read()
    reader?.releaseLock()
  },
  'cancels `body`': ({ body }) => body?.cancel(),
  'reads text() after it has asked for `body`': async (response) => [
    response.body,
    await response.text(),
  ],
}

test.each(Object.keys(streams))('it %s: the answer says so, and is not empty', async (look) => {
  const seen: UploadResponse[] = []
  const response = await refused({
    authorize: async (shown) => {
      seen.push(shown)
      await streams[look]?.(shown)
      return undefined
    },
  })
  expect([response.status, response.bodyUsed]).toEqual([401, true])
  expect(response).toBe(seen[0])
  await expect(within('the end', response.text())).rejects.toMatchObject({ name: 'TypeError' })
})

const others: Readonly<Record<string, Look>> = {
  'does not look': () => undefined,
  'looks at the fields': ({ headers }) => headers.get('www-authenticate'),
  'reads text()': (response) => response.text(),
  'reads json()': (response) => response.json(),
  'reads text(), and does not wait for it': (response) => void response.text(),
  'reads a clone()': (response) => response.clone().text(),
  'asks for `body`, and does not read it': ({ body }) => void body?.locked,
}

describe.each(Object.keys(others))('it %s: the answer can be read', (look) => {
  const readers: Readonly<Record<string, (response: UploadResponse) => Promise<string>>> = {
    'text()': (response) => response.text(),
    body: async ({ body }) => {
      const pieces: Uint8Array[] = []
      for await (const piece of body ?? []) pieces.push(piece)
      return Buffer.concat(pieces).toString()
    },
  }
  test.each(Object.keys(readers))('as %s', async (reader) => {
    const response = await refused({
      authorize: async (shown) => {
        await others[look]?.(shown)
        return undefined
      },
    })
    expect(response.bodyUsed).toBe(false)
    expect(await within('the content', readers[reader]?.(response) as Promise<string>)).toBe(
      CONTENT,
    )
  })
})

test('the fields of `authorize` are refused as well: the second answer is its own', async () => {
  const response = await refused({
    authorize: async ({ body }) => {
      for await (const _piece of body ?? []);
      return { Authorization: 'Bearer none' }
    },
  })
  expect(response.upload.attempts).toHaveLength(2)
  expect(await within('the content', response.text())).toBe(CONTENT)
})

test('401 is tried again by `retryOn`: the last answer is its own', async () => {
  const response = await refused({
    authorize: async ({ body }) => {
      for await (const _piece of body ?? []);
      return undefined
    },
    retryOn: [401],
    retry: { attempts: 2, minDelayMs: 1, maxDelayMs: 1 },
  })
  expect(response.upload.attempts).toHaveLength(2)
  expect(await within('the content', response.text())).toBe(CONTENT)
})
