// The page that a browser shows. Every text in it is escaped, and it loads nothing from anywhere.

import { catalogue, titleFor } from './catalogue.js'
import type { ErrorFacts } from './error-facts.js'
import type { JsonObject, JsonValue } from './json.js'

const STYLE = [
  ':root{color-scheme:light dark}',
  'body{font:1rem/1.5 system-ui,sans-serif;margin:0;padding:2rem}',
  'main{max-width:40rem;margin:10vh auto 0}',
  'h1{line-height:1.2}',
  'dt{font-weight:600}',
  'dd{margin:0 0 .5rem;overflow-wrap:anywhere}',
].join('')

/** Fields that keep a browser from reading the page as anything else, or loading anything. */
export const pageHeaders: Readonly<Record<string, string>> = Object.freeze({
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
  'X-Content-Type-Options': 'nosniff',
})

/** A small, accessible HTML page with status, message and details. */
export function errorPage(facts: ErrorFacts): string {
  const title = escapeHtml(`${facts.status} ${titleFor(facts.status)}`)
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${title}</h1>`,
    ...paragraphs(facts),
    `<p><small>Reason: <code>${escapeHtml(facts.reason)}</code></small></p>`,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function paragraphs({ status, reason, message, details }: ErrorFacts): readonly string[] {
  const lines: string[] = []
  // The heading says it already.
  if (message !== titleFor(status)) lines.push(`<p>${escapeHtml(message)}</p>`)
  const known = catalogue.find((entry) => entry.reason === reason && entry.status === status)
  if (known !== undefined) lines.push(`<p>${escapeHtml(`${known.meaning} ${known.remedy}`)}</p>`)
  if (typeof details === 'string') lines.push(`<p>${escapeHtml(details)}</p>`)
  else if (details !== undefined) lines.push(...factsOf(details))
  return lines
}

/** As a list that people read, not as JSON. */
function factsOf(details: JsonObject): readonly string[] {
  const rows = Object.entries(details).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [`<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(shown(name, value))}</dd>`],
  )
  return rows.length === 0 ? [] : ['<dl>', ...rows, '</dl>']
}

/** Facts of the library's own that are bytes. */
const IN_BYTES: ReadonlySet<string> = new Set(['limit', 'declared'])

function shown(name: string, value: JsonValue): string {
  if (typeof value === 'number') return IN_BYTES.has(name) ? bytesShown(value) : String(value)
  if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
    return value.join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** `31457280` as `31,457,280 bytes (31.5 MB)`. */
function bytesShown(bytes: number): string {
  const exact = `${bytes.toLocaleString('en')} bytes`
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1)
  if (step < 1 || !Number.isFinite(bytes)) return exact
  return `${exact} (${(bytes / 1000 ** step).toFixed(1).replace(/\.0$/, '')} ${UNITS[step]})`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Safe in element content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
