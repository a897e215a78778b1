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

  it('says what happened and what to do, for reasons of the catalogue', () => {
    expect(pageOf(413)).toContain(
      '<p>The content is larger than the limit. Send less, or send it in parts.</p>',
    )
    expect(pageOf(429, { reason: 'quota_exhausted' })).not.toContain('<p>A rate')
  })

  it('shows facts as people read them, sizes with their unit', () => {
    const details = {
      limit: 31_457_280,
      declared: 5,
      accepted: ['video/*', 'json'],
      odd: { a: 1 },
      none: undefined,
    }
    const page = pageOf(413, { details })
    expect(page).toContain('<dt>limit</dt><dd>31,457,280 bytes (31.5 MB)</dd>')
    expect(page).toContain('<dt>declared</dt><dd>5 bytes</dd>')
    expect(page).toContain('<dt>accepted</dt><dd>video/*, json</dd>')
    expect(page).toContain('<dt>odd</dt><dd>{&quot;a&quot;:1}</dd>')
    expect(page).not.toContain('none')
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
