import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { describeError } from './error-facts.js'
import { errorPage, escapeHtml } from './page.js'
import { Refusal } from './refusal.js'

const hostile = `<script>alert("1")</script> & 'more'`

function pageOf(status: number, options: ConstructorParameters<typeof Refusal>[1] = {}): string {
  return errorPage(describeError(new Refusal(status, options)))
}

describe('the page', () => {
  it('has a language, a title, one main heading, and loads nothing', () => {
    const page = pageOf(413, { details: 'At most 5 bytes' })
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(page).toContain('<title>413 Content Too Large</title>')
    expect(page.match(/<h1>/g)).toHaveLength(1)
    expect(page).toMatch(/<main>[\s\S]*<h1>413 Content Too Large<\/h1>[\s\S]*<\/main>/)
    expect(page).toContain('<p>At most 5 bytes</p>')
    expect(page).toContain('color-scheme:light dark')
    expect(page).not.toMatch(/src=|href=|url\(|@import|<script/i)
  })

  it('says a message of its own once, and does not repeat the heading', () => {
    expect(pageOf(404, { message: 'No file a' })).toContain('<p>No file a</p>')
    expect(pageOf(404)).not.toContain('<p>Not Found</p>')
  })

  it('escapes message and details, as text and as an object', () => {
    for (const details of [hostile, { [hostile]: hostile }]) {
      const page = pageOf(400, { message: hostile, details })
      expect(page).not.toContain('<script')
      expect(page).toContain('&lt;script&gt;')
    }
  })
})

it('escaped text has nothing that could end text or an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('&', '<', '>', '"', "'", 'a', ';') }), (text) => {
      const escaped = escapeHtml(text)
      expect(escaped).not.toMatch(/[<>"']/)
      expect(escaped.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
    }),
  )
})
