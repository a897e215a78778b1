// The page and what it needs, read once when the service starts. No build, nothing from elsewhere.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { curlLines, makeFiles } from './curl-lines.js'

export interface PageFile {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly content: Buffer
}

// One level up from both src/ and dist/.
const FOLDER = join(__dirname, '..', 'public')

const FILES = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/page.css', 'page.css', 'text/css; charset=utf-8'],
  ['/feed.css', 'feed.css', 'text/css; charset=utf-8'],
  ['/page.mjs', 'page.mjs', 'text/javascript; charset=utf-8'],
  ['/upload.mjs', 'upload.mjs', 'text/javascript; charset=utf-8'],
  ['/feed.mjs', 'feed.mjs', 'text/javascript; charset=utf-8'],
  ['/words.mjs', 'words.mjs', 'text/javascript; charset=utf-8'],
  ['/icon.svg', 'icon.svg', 'image/svg+xml'],
] as const

/** `token` is given to every visitor, because this is a demonstration. A real page would not. */
export function pageFiles(token: string): readonly PageFile[] {
  const files = FILES.map(([path, name, type]) =>
    pageFile(path, type, readFileSync(join(FOLDER, name))),
  )
  // The page puts the address it was opened at in the place of {origin}.
  const facts = { token, makeFiles, curlLines: curlLines('{origin}', token) }
  const json = Buffer.from(JSON.stringify(facts))
  return [...files, pageFile('/demo.json', 'application/json; charset=utf-8', json)]
}

function pageFile(path: string, type: string, content: Buffer): PageFile {
  const headers = {
    'Content-Type': type,
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
  }
  return { path, headers, content }
}
