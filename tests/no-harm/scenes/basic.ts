// The plainest applications: one that answers, one that refuses, one that reads.
import { setTimeout as wait } from 'node:timers/promises'
import type { Scenes } from '../support/scene.js'

const LATER_MS = 20

export const basic: Scenes = {
  /** Answers at once and reads nothing. */
  answers: () => ({ handle: (visit) => visit.reply(200, `<${visit.path}>`) }),
  /** Answers after an `await`, and reads nothing. */
  'answers later': () => ({
    handle: async (visit) => {
      await wait(LATER_MS)
      visit.reply(200, `<${visit.path}>`)
    },
  }),
  refuses: () => ({
    handle: (visit) => visit.reply(401, 'no', { 'WWW-Authenticate': 'Bearer' }),
  }),
  'refuses later': () => ({
    handle: async (visit) => {
      await wait(LATER_MS)
      visit.reply(401, 'no', { 'WWW-Authenticate': 'Bearer' })
    },
  }),
  /** Reads everything, then tells how much it was. */
  reads: () => ({
    handle: async (visit) => {
      let size = 0
      for await (const part of visit.request) size += (part as Buffer).length
      visit.reply(200, `<${size}>`)
    },
  }),
  /** The gate refuses what is longer than 1000 bytes, the handler reads the rest. */
  limited: () => ({
    options: { maxContentLength: 1000 },
    handle: async (visit) => {
      let size = 0
      for await (const part of visit.request) size += (part as Buffer).length
      visit.reply(200, `<${size}>`)
    },
  }),
}
