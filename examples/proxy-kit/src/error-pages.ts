// Error pages for a proxy to show, made by the library's own renderer: what the proxy says looks as
// what the application says. HTML for people, JSON for programs, one file for each status.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeError, Refusal, type RenderedError, renderError } from '@expectation/core'

/** What is worth a page: statuses of uploads, and those of a proxy that cannot reach its server. */
const EXPLANATIONS = [
  [401, 'Sign in, then send the file again.'],
  [413, 'The file is too large for this service. Send a smaller one.'],
  [417, 'Your program asked for something that this service does not do. Send without Expect.'],
  [502, 'The service behind this address did not answer. Try again in a minute.'],
] as const

const HTML = { accept: 'text/html' }
const JSON_TYPE = { accept: 'application/json' }

/** Writes `<status>.html` and `<status>.json` into `directory`, and returns their paths. */
export async function writeErrorPages(
  directory: string,
  brand = 'Example Films',
): Promise<readonly string[]> {
  await mkdir(directory, { recursive: true })
  const files = EXPLANATIONS.flatMap(([status, details]) => [
    [`${status}.html`, branded(rendered(status, details, HTML).body, brand)] as const,
    [`${status}.json`, rendered(status, details, JSON_TYPE).body] as const,
  ])
  for (const [name, text] of files) await writeFile(join(directory, name), text)
  return files.map(([name]) => join(directory, name))
}

function rendered(
  status: number,
  details: string,
  headers: Readonly<Record<string, string>>,
): RenderedError {
  const facts = describeError(new Refusal(status, { details }))
  return renderError(facts, { method: 'GET', target: '/', version: '1.1', headers })
}

const HEADER_STYLE = 'max-width:40rem;margin:0 auto;font-size:1.25rem;font-weight:700'

function branded(page: string, brand: string): string {
  const name = brand.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`)
  const header = `<body>\n<header style="${HEADER_STYLE}">${name}</header>`
  const withBrand = page.replace('<body>', () => header)
  if (withBrand === page) throw new Error('The page of the library has no <body> to brand.')
  return withBrand
}
