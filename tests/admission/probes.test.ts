// A server that is away is probed by one probe at a time, also when the way closes again while the probe that
// opened it has not ended; and by none after close.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import { admission, redisStore } from '@expectation/admission'
import { ADMISSION_CHANNEL, type AdmissionEvent } from '@expectation/core'
import { afterThisTest } from '../support/cleanup.js'
import { latch } from '../support/server.js'
import { refused } from './support/asking.js'
import { until } from './support/until.js'

/** Longer than the pause between two probes. */
const SEVERAL_PROBES_MS = 600

test('a server that goes away again at once is probed by one probe at a time', async () => {
  const silent = latch<readonly number[]>()
  let [probes, underWay, most, isBack] = [0, 0, 0, false]
  const client = async (_script: string, _keys: unknown, args: readonly string[]) => {
    const command = args.at(-1)
    if (command === 'renew' && isBack) return [0, 'epoch', 1, 0, 0, 1]
    if (command !== 'probe') throw new Error('away')
    probes += 1
    // The first is answered; those after the outage has begun anew are not.
    if (probes === 1) {
      isBack = true
      return [1]
    }
    underWay += 1
    most = Math.max(most, underWay)
    return silent.opened
  }
  const uploads = admission({ store: redisStore(client) })
  afterThisTest(() => {
    silent.open([1])
    return uploads.close({ drainMs: 0 })
  })
  // Asks as soon as the way is open.
  const again: Promise<unknown>[] = []
  const ask = (message: unknown) => {
    const event = message as AdmissionEvent
    if (event.kind === 'store' && event.state === 'up') {
      isBack = false
      again.push(refused(uploads))
    }
  }
  subscribe(ADMISSION_CHANNEL, ask)
  afterThisTest(() => void unsubscribe(ADMISSION_CHANNEL, ask))
  await refused(uploads)
  await until('it is probed again', () => probes > 1)
  await sleep(SEVERAL_PROBES_MS)
  expect([again.length, most]).toEqual([1, 1])
  await uploads.close({ drainMs: 0 })
  const before = probes
  silent.open([1])
  await Promise.all(again)
  await sleep(SEVERAL_PROBES_MS)
  expect(probes).toBe(before)
})
