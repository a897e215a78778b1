// The errors of the parsers people use, in the normalized shape and without their private words.

import { errorHandler, expectation } from '@expectation/express'
import express, { type Express } from 'express'
import multer from 'multer'
import request from 'supertest'
import { keepConsoleErrors } from '../support/console.js'

keepConsoleErrors()

function parsing(): Express {
  const app = express()
  app.use(expectation())
  app.use(express.json({ limit: 20 }))
  app.use(express.urlencoded({ extended: true, limit: 20, parameterLimit: 2 }))
  const upload = multer({
    storage: multer.memoryStorage(),
    limits: { fileSize: 10, files: 1 },
  })
  app.post('/upload', upload.single('file'), (_req, res) => void res.send('stored'))
  app.post('/', (req, res) => void res.json({ got: req.body }))
  app.use(errorHandler())
  return app
}

test('invalid JSON is 400 bad_request and is not repeated', async () => {
  const response = await request(parsing()).post('/').type('json').send('{"password": oops')
  expect(response.status).toBe(400)
  expect(response.body).toEqual({
    error: { code: 400, reason: 'bad_request', message: expect.any(String) },
  })
  expect(response.text).not.toContain('password')
  expect(response.headers['cache-control']).toBe('no-store')
})

test('JSON over the limit is 413 content_too_large', async () => {
  const response = await request(parsing())
    .post('/')
    .send({ long: 'x'.repeat(100) })
  expect(response.status).toBe(413)
  expect(response.body).toMatchObject({
    error: { code: 413, reason: 'content_too_large', message: 'Content Too Large' },
  })
})

test('an unknown coding is 415 unsupported_content_coding', async () => {
  const response = await request(parsing())
    .post('/')
    .type('json')
    .set('Content-Encoding', 'made-up')
    .send('{}')
  expect(response.status).toBe(415)
  expect(response.body).toMatchObject({ error: { reason: 'unsupported_content_coding' } })
})

test('an unknown charset is 415', async () => {
  const response = await request(parsing())
    .post('/')
    .set('Content-Type', 'application/json; charset=made-up')
    .send('{}')
  expect(response.status).toBe(415)
  expect(response.body).toMatchObject({ error: { code: 415 } })
  expect(response.text.toLowerCase()).not.toContain('made-up')
})

test('too many parameters are 413', async () => {
  const response = await request(parsing()).post('/').type('form').send('a=1&b=2&c=3')
  expect(response.status).toBe(413)
  expect(response.body).toMatchObject({ error: { code: 413 } })
})

test('a file over the limit of multer is 413 content_too_large', async () => {
  const response = await request(parsing())
    .post('/upload')
    .attach('file', Buffer.alloc(100), 'a.bin')
  expect(response.status).toBe(413)
  expect(response.body).toMatchObject({ error: { reason: 'content_too_large' } })
})

test('a file in an unexpected field is 400', async () => {
  const response = await request(parsing())
    .post('/upload')
    .attach('other', Buffer.alloc(5), 'a.bin')
  expect(response.status).toBe(400)
  expect(response.body).toMatchObject({ error: { code: 400, reason: 'bad_request' } })
})

test('what is well is parsed as before', async () => {
  const json = await request(parsing()).post('/').send({ a: 1 })
  expect(json.body).toEqual({ got: { a: 1 } })
  const file = await request(parsing()).post('/upload').attach('file', Buffer.alloc(5), 'a.bin')
  expect(file.text).toBe('stored')
})
