/// <reference lib="dom" />
// Chromium as Debian has it, without anything that reaches out of the machine.
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { testWhen } from '../support/skip.js'

const PROGRAM = '/usr/bin/chromium'
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const browserTest = testWhen(existsSync(PROGRAM), 'Chromium is not installed')

let browser: Browser | undefined

/** One browser for the file, and a page of its own for each test. */
export async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  browser ??= await chromium.launch({ executablePath: PROGRAM, args: FLAGS })
  const context = await browser.newContext(options)
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  return page
}

// Pages go before the servers that a test has started, which wait for their connections.
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close()
})
afterAll(() => browser?.close())
