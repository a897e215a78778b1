// Levels of pools that are counted elsewhere: whether the store can be asked, and what is held of more pools
// than there are labels.

import { type Admission, admission, redisStore } from '@expectation/admission'
import { prometheus } from '@expectation/metrics'
import { Registry } from 'prom-client'
import { ask, giveBack, granted } from '../admission/support/asking.js'
import { until } from '../admission/support/until.js'
import { afterThisTest } from '../support/cleanup.js'
import { latch } from '../support/server.js'

function counted(): Registry {
  const register = new Registry()
  const counting = prometheus(register)
  afterThisTest(() => counting.stop())
  return register
}

async function levelOf(register: Registry, name: string, pool: string): Promise<unknown> {
  const metric = await register.getSingleMetric(`expectation_admission_${name}`)?.get()
  return metric?.values.find(({ labels }) => labels.pool === pool)?.value
}

type Answer = readonly (string | number)[]

/** A store that is asked by a function. */
function pool(
  name: string,
  answer: (command: string | undefined) => Answer | Promise<Answer>,
): Admission {
  const client = (_script: string, _keys: unknown, args: readonly string[]) => answer(args.at(-1))
  const uploads = admission({ slots: 100, store: redisStore(client, { pool: name }) })
  afterThisTest(() => uploads.close({ drainMs: 0 }))
  return uploads
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  acquire: ['granted', 'epoch', 1, 1],
  renew: [0, 'epoch', 1, 0, 0, 1],
  look: ['epoch', 0, 0, 1],
  release: [1],
}

test('a store that went away is down, whatever it still answers that was asked before', async () => {
  const register = counted()
  const wentAway = latch()
  let acquires = 0
  const uploads = pool('far', async (command = '') => {
    if (command === 'acquire') {
      acquires += 1
      if (acquires === 1) throw new Error('gone')
      await wentAway.opened
    } else if (acquires > 0) {
      throw new Error('gone')
    }
    return ANSWERS[command] ?? []
  })
  await until('it has answered', async () => (await levelOf(register, 'store_up', 'far')) === 1)
  const answers = [ask(uploads), ask(uploads)]
  await answers[0]
  expect(await levelOf(register, 'store_up', 'far')).toBe(0)
  wentAway.open()
  await answers[1]
  expect(acquires).toBe(2)
  expect(await levelOf(register, 'store_up', 'far')).toBe(0)
})

test('pools beyond those that are told by name are added up', async () => {
  const register = counted()
  const pools = Array.from({ length: 53 }, (_, index) => {
    return pool(`pool-${index}`, (command = '') => ANSWERS[command] ?? [])
  })
  const grants = await Promise.all(pools.map((uploads) => granted(uploads, 10)))
  expect(await levelOf(register, 'held_slots', 'pool-0')).toBe(1)
  expect(await levelOf(register, 'held_slots', 'other')).toBe(3)
  expect(await levelOf(register, 'held_bytes', 'other')).toBe(30)
  giveBack(...grants)
  expect(await levelOf(register, 'held_slots', 'other')).toBe(0)
})
