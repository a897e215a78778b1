// `fetch` in a real page of Chromium. CLIENT_CHROMIUM: the program to start.
import { chromium } from 'playwright-core'
import { tally, whole } from './kit.mjs'

const browser = await chromium.launch({
  executablePath: process.env.CLIENT_CHROMIUM,
  headless: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
const page = await browser.newPage()
await page.goto(`${process.argv[2]}/`)

/** A Blob, as a file that somebody picked is one. Bytes would be copied to this process each time. */
async function upload({ url, bytes }) {
  try {
    const body = new Blob([new Uint8Array(bytes).fill(120)])
    const response = await fetch(url, { method: 'PUT', body })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    return { problem: String(error) }
  }
}

const exit = process.exit
process.exit = (code) => void browser.close().finally(() => exit(code))
tally(async (url, content) => {
  const got = await page.evaluate(upload, { url, bytes: content.length })
  return got.problem ?? whole(got.status, got.text)
})
