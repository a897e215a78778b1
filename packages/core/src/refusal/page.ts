// The page that a browser shows. Every text in it is escaped, and it loads nothing from anywhere.

import { titleFor } from './catalogue.js'
import type { ErrorFacts } from './error-facts.js'

const STYLE = [
  ':root{color-scheme:light dark}',
  'body{font:1rem/1.5 system-ui,sans-serif;margin:0;padding:2rem}',
  'main{max-width:40rem;margin:10vh auto 0}',
  'h1{line-height:1.2}',
  'pre{white-space:pre-wrap;overflow-wrap:anywhere}',
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

function paragraphs({ status, message, details }: ErrorFacts): readonly string[] {
  const lines: string[] = []
  // The heading says it already.
  if (message !== titleFor(status)) lines.push(`<p>${escapeHtml(message)}</p>`)
  if (typeof details === 'string') lines.push(`<p>${escapeHtml(details)}</p>`)
  else if (details !== undefined) {
    lines.push(`<pre>${escapeHtml(JSON.stringify(details, null, 2))}</pre>`)
  }
  return lines
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
