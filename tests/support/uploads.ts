// The little application most wire tests use: a gate, one upload route, one page beside it.

import { type ExpectationOptions, errorHandler, expectation } from '@expectation/express'
import express, { type Express, type Request, type Response } from 'express'
import { type Counted, counted } from './server.js'

export type Route = Counted<[Request, Response], Promise<void>>

/** Reads the whole content in the most usual way and sends it back. */
export function echo(): Route {
  return counted(async (req: Request, res: Response) => {
    res.json({ content: await contentOf(req) })
  })
}

export async function contentOf(req: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of req) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

export interface Uploads {
  readonly app: Express
  readonly save: Route
}

/** `PUT /files/:name` behind a gate with these options; `GET /hello`; the error handler at the end. */
export function uploads(options?: ExpectationOptions, save: Route = echo()): Uploads {
  const app = express()
  app.use(expectation(options))
  app.get('/hello', (_req, res) => void res.send('hello'))
  app.put('/files/:name', save)
  app.use(errorHandler())
  return { app, save }
}
