// The parsers people use read content through the gate as they do without it (law 2).

import { errorHandler, expectation } from '@expectation/express'
import busboy from 'busboy'
import express, { type Express, type Request, type Response } from 'express'
import formidable from 'formidable'
import multer from 'multer'
import { RawClient } from '../support/raw-client.js'
import { refused, stillUsable } from '../support/refusal.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'

interface Parser {
  readonly type: string
  readonly content: string
  readonly mount: (app: Express) => void
}

const boundary = 'b0undary'
const file = 'x'.repeat(100_000)
const multipart = {
  type: `multipart/form-data; boundary=${boundary}`,
  content: [
    `--${boundary}`,
    'Content-Disposition: form-data; name="file"; filename="a.txt"',
    'Content-Type: text/plain',
    '',
    file,
    `--${boundary}--`,
    '',
  ].join('\r\n'),
}

const parsers: Readonly<Record<string, Parser>> = {
  'express.json()': {
    type: 'application/json',
    content: JSON.stringify({ file }),
    mount: (app) => {
      app.use(express.json({ limit: '1mb' }))
      app.post('/', (req, res) => void res.send(String((req.body as { file: string }).file)))
    },
  },
  'express.text()': {
    type: 'text/plain',
    content: file,
    mount: (app) => {
      app.use(express.text({ limit: '1mb' }))
      app.post('/', (req, res) => void res.send(String(req.body)))
    },
  },
  'express.raw()': {
    type: 'application/octet-stream',
    content: file,
    mount: (app) => {
      app.use(express.raw({ limit: '1mb' }))
      app.post('/', (req, res) => void res.send((req.body as Buffer).toString('utf8')))
    },
  },
  'express.urlencoded()': {
    type: 'application/x-www-form-urlencoded',
    content: `file=${file}`,
    mount: (app) => {
      app.use(express.urlencoded({ limit: '1mb' }))
      app.post('/', (req, res) => void res.send(String((req.body as { file: string }).file)))
    },
  },
  'multer in memory': {
    ...multipart,
    mount: (app) => {
      const upload = multer({ storage: multer.memoryStorage() })
      app.post('/', upload.single('file'), (req, res) => {
        res.send(req.file?.buffer.toString('utf8') ?? 'nothing')
      })
    },
  },
  busboy: {
    ...multipart,
    mount: (app) => {
      app.post('/', (req: Request, res: Response) => {
        let got = ''
        const parser = busboy({ headers: req.headers })
        parser.on('file', (_name, stream) => {
          stream.on('data', (part: Buffer) => {
            got += part.toString('utf8')
          })
        })
        parser.on('close', () => res.send(got))
        req.pipe(parser)
      })
    },
  },
  formidable: {
    ...multipart,
    mount: (app) => {
      app.post('/', async (req, res) => {
        const [, files] = await formidable({}).parse(req)
        res.send('x'.repeat(files.file?.[0]?.size ?? 0))
      })
    },
  },
}

for (const [name, parser] of Object.entries(parsers)) {
  test(`law 2 (RFC 9110 10.1.1): ${name} brings one 100 and gets its content`, async () => {
    const app = express().use(expectation())
    parser.mount(app)
    app.use(errorHandler())
    const client = await RawClient.connect(await serve(app))
    const length = Buffer.byteLength(parser.content)
    client.send(
      head({ method: 'POST', target: '/', expect: '100-continue', length, type: parser.type }),
    )
    await client.continue()
    client.send(parser.content)
    const response = await client.final()
    expect(response.status).toBe(200)
    expect(response.text).toBe(file)
    expect((await stillUsable(client, '/nowhere')).status).toBe(404)
  })
}

test("law 1, R16 MUST (RFC 9110 10.1.1): a parser's own limit refuses from the head, with and without Expect", async () => {
  const app = express()
    .use(expectation(), express.json({ limit: 100 }))
    .use(errorHandler())
  const running = await serve(app)
  const request = { method: 'POST', length: 100_000_000, type: 'application/json' } as const
  for (const expect of ['100-continue', []]) {
    const client = await RawClient.connect(running)
    await refused(client.send(head({ ...request, expect })), 413, 'content_too_large')
  }
})
