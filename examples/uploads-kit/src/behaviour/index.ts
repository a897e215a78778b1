// What every upload example does, whatever its framework. An example's test is one call of this.

import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  type Answer,
  beginUpload,
  type Fields,
  readEvent,
  type Sending,
  send,
  until,
} from './client.js'

export interface ExampleOptions {
  readonly uploadDirectory: string
  readonly token: string
}

export interface RunningExample {
  /** Such as `http://127.0.0.1:41234`. */
  readonly origin: string
  close(): Promise<void>
}

const TOKEN = 'the-right-token'
const VIDEO = { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'video/mp4' }
const EXPECT = { Expect: '100-continue' }

export function describeUploadsExample(
  name: string,
  start: (options: ExampleOptions) => Promise<RunningExample>,
): void {
  describe(name, () => {
    let uploadDirectory: string
    let example: RunningExample

    beforeEach(async () => {
      uploadDirectory = await mkdtemp(join(tmpdir(), 'uploads-example-'))
      example = await start({ uploadDirectory, token: TOKEN })
    })

    afterEach(async () => {
      await example.close()
      await rm(uploadDirectory, { recursive: true, force: true })
    })

    const to = (path: string, sending: Sending): Promise<Answer> =>
      send(example.origin + path, sending)

    describe('stores an upload', () => {
      const content = randomBytes(300_000)
      const sha256 = createHash('sha256').update(content).digest('hex')

      it.each([
        ['that asks first, after one 100', { ...VIDEO, ...EXPECT }, true],
        ['that does not ask', VIDEO, false],
      ])('%s', async (_, headers, continued) => {
        const answer = await to('/files/clip.mp4', { method: 'PUT', headers, content })
        expect(answer).toMatchObject({ status: 201, continued })
        expect(JSON.parse(answer.content)).toMatchObject({
          name: 'clip.mp4',
          bytes: content.length,
          sha256,
        })
        expect(await readdir(uploadDirectory)).toEqual(['clip.mp4'])
        const stored = await readFile(join(uploadDirectory, 'clip.mp4'))
        expect(stored.equals(content)).toBe(true)
      })

      it('and replaces it with 200', async () => {
        const first = { method: 'PUT', headers: VIDEO, content: Buffer.from('first') }
        await to('/files/clip.mp4', first)
        const again = await to('/files/clip.mp4', { ...first, content })
        expect(again.status).toBe(200)
        const stored = await readFile(join(uploadDirectory, 'clip.mp4'))
        expect(stored.equals(content)).toBe(true)
      })
    })

    describe('refuses before anything is sent, and alike without Expect', () => {
      const small = { 'Content-Length': 1_000 }
      const refusals: readonly [string, string, Fields, number, string][] = [
        [
          'no token',
          '/files/a.mp4',
          { 'Content-Type': 'video/mp4', ...small },
          401,
          'token_missing',
        ],
        [
          'a wrong token',
          '/files/a.mp4',
          { ...VIDEO, Authorization: 'Bearer nonsense', ...small },
          401,
          'token_invalid',
        ],
        [
          'a declared size over the limit',
          '/files/a.mp4',
          { ...VIDEO, 'Content-Length': 40_000_000 },
          413,
          'content_too_large',
        ],
        [
          'a wrong type',
          '/files/a.txt',
          { ...VIDEO, 'Content-Type': 'text/plain', ...small },
          415,
          'unsupported_media_type',
        ],
        [
          'a name that leaves the directory',
          '/files/..%2Fa',
          { ...VIDEO, ...small },
          400,
          'bad_file_name',
        ],
        ['a hidden name', '/files/.a', { ...VIDEO, ...small }, 400, 'bad_file_name'],
        ['an unknown route', '/nowhere', { ...VIDEO, ...small }, 404, 'not_found'],
        ['a handler that fails', '/broken', { ...VIDEO, ...small }, 500, 'internal_error'],
      ]

      it.each(refusals)('%s', async (_, path, headers, status, reason) => {
        const asked = await to(path, { method: 'PUT', headers: { ...headers, ...EXPECT } })
        expect(asked).toMatchObject({ status, continued: false })
        expect(asked.headers).toMatchObject({
          connection: 'close',
          'cache-control': 'no-store',
          'content-type': 'application/json; charset=utf-8',
        })
        expect(JSON.parse(asked.content)).toMatchObject({ error: { code: status, reason } })
        expect(asked.content).not.toContain('swordfish')

        const length = Number(headers['Content-Length'])
        const content = Buffer.alloc(length)
        const unasked = await to(path, { method: 'PUT', headers, content })
        expect(unasked.status).toBe(status)
        expect(unasked.content).toBe(asked.content)
        expect(await readdir(uploadDirectory)).toEqual([])
      })

      it('and tells the page what a client gets that asks first', async () => {
        const asked = async (bytes: number): Promise<unknown> => {
          const path = `/ask?bytes=${bytes}&type=video/mp4&token=${TOKEN}`
          return JSON.parse((await to(path, { method: 'POST', headers: {} })).content)
        }
        expect(await asked(40_000_000)).toMatchObject({ status: 413, sentBytes: 0 })
        expect(await asked(1_000)).toMatchObject({ status: 201, sentBytes: 1_000 })
        expect(await asked(0)).toMatchObject({ error: { code: 400 } })
      })

      it('an expectation that nobody knows', async () => {
        const headers = { ...VIDEO, 'Content-Length': 1_000, Expect: 'something-else' }
        const answer = await to('/files/a.mp4', { method: 'PUT', headers })
        expect(answer).toMatchObject({ status: 417, continued: false })
        expect(answer.headers.connection).toBe('close')
        expect(JSON.parse(answer.content)).toMatchObject({
          error: { code: 417, reason: 'unsupported_expectation' },
        })
      })

      it('with the companions that the status asks for', async () => {
        const method = 'PUT'
        const { Authorization: _, ...noTokenSent } = { ...VIDEO, ...small, ...EXPECT }
        const noToken = await to('/files/a.mp4', { method, headers: noTokenSent })
        expect(noToken.headers['www-authenticate']).toMatch(/^Bearer/)
        const headers = { ...VIDEO, 'Content-Type': 'text/plain', ...small, ...EXPECT }
        const wrongType = await to('/files/a.txt', { method, headers })
        expect(wrongType.headers.accept).toContain('video/*')
      })
    })

    it('refuses content of unknown length at the first byte over the limit', async () => {
      const headers = { ...VIDEO, 'Transfer-Encoding': 'chunked' }
      const content = Buffer.alloc(33_000_000)
      const answer = await to('/files/a.mp4', { method: 'PUT', headers, content })
      expect(answer.status).toBe(413)
      expect(await readdir(uploadDirectory)).toEqual([])
    })

    it('leaves nothing behind of a file that is cut off half-way', async () => {
      const head = [
        'PUT /files/cut.mp4 HTTP/1.1',
        'Host: example',
        `Authorization: Bearer ${TOKEN}`,
        'Content-Type: video/mp4',
        'Content-Length: 1000000',
      ]
      const socket = await beginUpload(example.origin, head, Buffer.alloc(500_000))
      await until('a partial file is there', async () => {
        return (await readdir(uploadDirectory)).length === 1
      })
      expect(await readdir(uploadDirectory)).not.toContain('cut.mp4')
      const listed = await to('/files', {})
      expect(JSON.parse(listed.content)).toEqual({ files: [] })
      socket.destroy()
      await until('the partial file is gone', async () => {
        return (await readdir(uploadDirectory)).length === 0
      })
    })

    describe('has a JSON API beside it', () => {
      const headers = { 'Content-Type': 'application/json' }
      const note = (
        content: Buffer,
        more: Readonly<Record<string, string>> = {},
      ): Promise<Answer> =>
        to('/api/notes', { method: 'POST', headers: { ...headers, ...more }, content })

      it('that keeps notes', async () => {
        const answer = await note(Buffer.from('{"text":"Buy milk"}'))
        expect(answer.status).toBe(201)
        expect(JSON.parse(answer.content)).toEqual({ id: 1, text: 'Buy milk' })
        const listed = await to('/api/notes', {})
        expect(JSON.parse(listed.content)).toEqual({ notes: [{ id: 1, text: 'Buy milk' }] })
      })

      it('that lists files', async () => {
        await to('/files/a.mp4', { method: 'PUT', headers: VIDEO, content: Buffer.from('video') })
        const { files } = JSON.parse((await to('/files', {})).content)
        expect(files).toMatchObject([{ name: 'a.mp4', bytes: 5 }])
      })

      it('that refuses too long a note from its head', async () => {
        const answer = await note(Buffer.alloc(200_000, ' '), EXPECT)
        expect(answer).toMatchObject({ status: 413, continued: false })
        expect(JSON.parse(answer.content)).toMatchObject({
          error: { code: 413, reason: 'content_too_large' },
        })
      })

      it('that explains a note without text', async () => {
        const answer = await note(Buffer.from('{}'))
        expect(answer.status).toBe(422)
        expect(JSON.parse(answer.content)).toMatchObject({ error: { reason: 'text_missing' } })
      })
    })

    describe('serves a page', () => {
      it('and everything that it refers to', async () => {
        const page = await to('/', {})
        expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
        const references = [...page.content.matchAll(/(?:src|href)="(\/[^"]+)"/g)]
        expect(references.length).toBeGreaterThan(2)
        for (const [, path] of references) {
          expect({ path, status: (await to(path ?? '', {})).status }).toEqual({ path, status: 200 })
        }
      })

      it('and a live feed of outcomes', async () => {
        const headers = { 'Content-Type': 'video/mp4', 'Content-Length': 9_000_000, ...EXPECT }
        await to('/files/feed.mp4', { method: 'PUT', headers })
        const event = await readEvent(`${example.origin}/outcomes`, '/files/feed.mp4')
        const data = JSON.parse(event.slice(event.indexOf('data: ') + 6))
        expect(data).toMatchObject({
          method: 'PUT',
          status: 401,
          declaredBytes: 9_000_000,
          receivedBytes: 0,
          avoidedBytes: 9_000_000,
          continueSent: false,
        })
      })
    })
  })
}
