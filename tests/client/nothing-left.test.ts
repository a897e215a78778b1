// Whatever becomes of uploads, nothing of them stays: no rejection, no listener, no descriptor. The long
// form is UPLOADS=10000.
import { getEventListeners } from 'node:events'
import { createReadStream, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Body, EarlyAnswerAgent, upload } from '@expectation/client'
import { afterThisTest } from '../support/cleanup.js'
import { testWhen } from '../support/skip.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { answer, hangUp, type Step, scripted, take } from './upload-server.js'

forbidStrayErrors()

jest.setTimeout(300_000)

const UPLOADS = Number(process.env.UPLOADS ?? 600)
const AT_ONCE = 20
const DESCRIPTORS = '/proc/self/fd'

const steps: readonly Step[] = [take(), answer(413), take(), hangUp, take()]

testWhen(process.platform === 'linux', 'descriptors are counted in /proc')(
  `${UPLOADS} uploads, a third aborted at a random moment`,
  async () => {
    let calls = 0
    const { url } = await scripted((request, response, seen) => {
      calls += 1
      steps[calls % steps.length]?.(request, response, seen)
    })
    const folder = mkdtempSync(path.join(tmpdir(), 'expectation-left-'))
    afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
    const file = path.join(folder, 'file')
    writeFileSync(file, Buffer.alloc(150_000))
    const bodies: readonly (() => Body)[] = [
      () => createReadStream(file),
      () => Buffer.alloc(100_000),
      () => pathToFileURL(file),
      () => 'small',
    ]
    const agent = new EarlyAnswerAgent()
    const shared = new AbortController()
    const before = readdirSync(DESCRIPTORS).length
    let begun = 0
    let ended = 0
    const one = async (index: number): Promise<void> => {
      const aborted = index % 3 === 0
      const controller = aborted ? new AbortController() : shared
      const timer = aborted ? setTimeout(() => controller.abort(), Math.random() * 6) : undefined
      const options = {
        body: bodies[index % bodies.length]?.(),
        agent,
        signal: controller.signal,
        retry: { minDelayMs: 1, maxDelayMs: 3 },
      }
      try {
        const response = await upload(url, options)
        // Every other answer is left unread.
        if (index % 2 === 0) await response.text()
      } catch {
        // Aborted, or lost for good.
      }
      clearTimeout(timer)
      ended += 1
    }
    const worker = async (): Promise<void> => {
      while (begun < UPLOADS) {
        begun += 1
        await one(begun)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    agent.destroy()
    expect(ended).toBe(UPLOADS)
    // An answer that was left unread ends when its connection has closed.
    await expectSoon(() => getEventListeners(shared.signal, 'abort').length === 0)
    await expectSoon(() => readdirSync(DESCRIPTORS).length <= before)
  },
)

/** Sockets of the server close a moment after those of the client. */
async function expectSoon(holds: () => boolean): Promise<void> {
  for (let look = 0; look < 200 && !holds(); look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(holds()).toBe(true)
}
