// The page of the upload service in a real browser: the first thing that a newcomer sees. What the
// server decided stands there in the server's words, never as "network error".
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createFeed, openStorage } from '@expectation/example-uploads-kit'
import type { Locator, Page } from 'playwright-core'
import { createApp } from '../../examples/express-uploads/src/server.js'
import { afterThisTest } from '../support/cleanup.js'
import { serve } from '../support/server.js'
import { accessibilityFaults } from './accessible.js'
import { browserTest, openPage } from './chromium.js'

jest.setTimeout(60_000)

const folder = mkdtempSync(path.join(tmpdir(), 'expectation-browser-'))
const large = path.join(folder, 'large.mp4')
/** As much as the service takes at all; within a form it is more. */
const LARGE_BYTES = 50 * 1024 * 1024
beforeAll(() => writeFileSync(large, Buffer.alloc(LARGE_BYTES)))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function service(): Promise<string> {
  const storage = await openStorage(mkdtempSync(path.join(folder, 'stored-')))
  const feed = createFeed()
  afterThisTest(() => feed.close())
  const log = (): void => {}
  return (await serve(createApp({ storage, feed, token: 'right', log, logFailure: log }))).url
}

async function uploadLarge(page: Page): Promise<void> {
  await page.getByLabel('A file of mine').check()
  await page.getByLabel('Choose the file').setInputFiles(large)
  await page.getByRole('button', { name: 'Upload' }).click()
}

async function textOf(element: Locator): Promise<string> {
  return (await element.textContent()) ?? ''
}

/** What the page says when the upload is over. */
async function answer(page: Page): Promise<string> {
  const headline = page.locator('#answer .headline')
  await headline.waitFor()
  return textOf(page.locator('#answer'))
}

browserTest('50 MB over the limit: the page shows the refusal of the service', async () => {
  const page = await openPage()
  await page.goto(await service())
  for (let time = 0; time < 3; time += 1) {
    await uploadLarge(page)
    const said = await answer(page)
    expect(said).toContain('413 Content Too Large')
    expect(said).toContain('limit: 31,457,280')
    expect(said).toContain('content_too_large')
    expect(said).toContain('(31.5 MB)')
    // Not from the feed, which the page falls back to when a browser has lost the answer.
    expect(said).not.toContain('has lost the text')
  }
})

browserTest('50 MB with fetch: the answer, not a TypeError', async () => {
  const page = await openPage()
  await page.goto(await service())
  const got = await page.evaluate(async (bytes) => {
    const body = new Blob([new Uint8Array(bytes)], { type: 'video/mp4' })
    const headers = { Authorization: 'Bearer right' }
    const response = await fetch('/files/large.mp4', { method: 'PUT', headers, body })
    return { status: response.status, text: await response.text() }
  }, LARGE_BYTES)
  expect(got.status).toBe(413)
  expect(JSON.parse(got.text)).toMatchObject({ error: { reason: 'content_too_large' } })
})

browserTest('50 MB in a plain form: the error page of the library', async () => {
  const page = await openPage()
  const url = await service()
  await page.setContent(
    `<form method="post" enctype="multipart/form-data" action="${url}/files">
      <label>File <input type="file" name="file"></label><button>Send</button></form>`,
  )
  await page.getByLabel('File').setInputFiles(large)
  await page.getByRole('button', { name: 'Send' }).click()
  await page.waitForURL(`${url}/files`)
  expect(await page.title()).toBe('413 Content Too Large')
  expect(await textOf(page.getByRole('main'))).toContain('content_too_large')
  expect(await textOf(page.getByRole('heading', { level: 1 }))).toBe('413 Content Too Large')
})

browserTest('an accepted upload is followed to its end', async () => {
  const page = await openPage()
  await page.goto(await service())
  await page.evaluate(`{
    const bar = document.getElementById('progress')
    window.seen = []
    new MutationObserver(() => seen.push(bar.value)).observe(bar, { attributes: true })
  }`)
  await page.getByRole('button', { name: 'Upload' }).click()
  expect(await answer(page)).toMatch(/^201 Stored/)
  expect(await textOf(page.locator('#progress-label'))).toBe('The browser has sent 20 MB of 20 MB')
  const seen = await page.evaluate<number[]>('window.seen')
  expect(seen.at(-1)).toBe(1)
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
  // The feed tells of it too.
  await page.locator('#outcomes .badge', { hasText: '201' }).waitFor()
})

browserTest('the page can be used with the keyboard alone', async () => {
  const page = await openPage()
  await page.goto(await service())
  await page.locator('#lines li').first().waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toMatch(/Skip to/)
  await page.getByLabel('The right token').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  expect(await answer(page)).toContain('401')
})

const PHONE = { width: 390, height: 844 }
const DESKTOP = { width: 1280, height: 800 }

browserTest('a refused 40 MB: no full bar, and a client that asks has sent nothing', async () => {
  const page = await openPage({ viewport: DESKTOP })
  await page.goto(await service())
  await page.getByLabel('40 MB').check()
  await page.getByRole('button', { name: 'Upload' }).click()
  expect(await answer(page)).toContain('413 Content Too Large')
  await page.locator('#sent-browser', { hasText: 'of 40 MB' }).waitFor()
  expect(await page.locator('#progress').isVisible()).toBe(false)
  expect(await textOf(page.locator('#sent-browser'))).toMatch(
    /of 40 MB, thrown away by the server$/,
  )

  await page.getByRole('button', { name: 'Send with Expect' }).click()
  await page.locator('#sent-asking', { hasText: 'of 40 MB' }).waitFor()
  expect(await textOf(page.locator('#sent-asking'))).toBe('0 B of 40 MB, and has its answer')
  expect(await textOf(page.locator('#answer'))).toContain('413')
  await page.locator('#outcomes .saved', { hasText: '40 MB' }).waitFor()
  expect(await textOf(page.locator('#figure-avoided'))).not.toBe('0 B')
})

browserTest('Send with Expect, accepted: asked for, and stored', async () => {
  const page = await openPage()
  await page.goto(await service())
  await page.getByRole('button', { name: 'Send with Expect' }).click()
  await page.locator('#sent-asking', { hasText: '20 MB of 20 MB' }).waitFor()
  expect(await answer(page)).toMatch(/^201 Stored/)
})

browserTest(
  'the answer is in sight on a phone, and nothing red stays for the next upload',
  async () => {
    const page = await openPage({ viewport: PHONE })
    await page.goto(await service())
    await page.getByRole('radio', { name: 'No token' }).check()
    await page.getByRole('button', { name: 'Upload' }).click()
    expect(await answer(page)).toContain('401')
    const box = await page.locator('#answer').boundingBox()
    expect(box).not.toBeNull()
    expect(box?.y).toBeGreaterThanOrEqual(0)
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(PHONE.height)
    expect(await page.locator('#answer').getAttribute('data-kind')).toBe('no')

    await page.getByLabel('The right token').check()
    expect(await page.locator('#compared').isVisible()).toBe(false)
    await page.evaluate(`{
    const answer = document.getElementById('answer')
    window.kinds = []
    new MutationObserver(() => kinds.push(answer.dataset.kind ?? 'none')).observe(answer, {
      attributes: true, attributeFilter: ['data-kind'],
    })
  }`)
    await page.getByRole('button', { name: 'Upload' }).click()
    await page.locator('#answer .headline', { hasText: 'Stored' }).waitFor()
    expect(await page.evaluate<string[]>('window.kinds')).toEqual(['none', 'yes'])
    const wide = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')
    expect(wide).toBe(false)
  },
)

const LOOKS = [
  ['light', DESKTOP],
  ['dark', DESKTOP],
  ['light', PHONE],
  ['dark', PHONE],
] as const
for (const [colorScheme, viewport] of LOOKS) {
  browserTest(
    `axe finds nothing on either page, ${colorScheme}, ${viewport.width} px`,
    async () => {
      const page = await openPage({ colorScheme, viewport })
      const url = await service()
      await page.goto(url)
      await page.locator('#lines li').first().waitFor()
      await uploadLarge(page)
      expect(await answer(page)).toContain('413')
      await page.getByRole('button', { name: 'Send with Expect' }).click()
      await page.locator('#sent-asking', { hasText: 'of' }).waitFor()
      expect(await accessibilityFaults(page)).toEqual([])

      await page.goto(`${url}/nowhere`)
      expect(await page.title()).toBe('404 Not Found')
      expect(await accessibilityFaults(page)).toEqual([])
    },
  )
}
