// A reading rule is data: which facts it needs, and what they mean for the reader. Ids are public; one
// that was given is never given again, also when its rule is gone.

import type { FactName, FactValue } from '../facts/facts.js'
import type { Software } from '../facts/software.js'

/** `fault`: something is lost or open to abuse. `advice`: it works, and wastes. `fact`: good to know. */
export type Level = 'fault' | 'advice' | 'fact' | 'good'

/** From worst to best: the order of a report. */
export const LEVELS = ['fault', 'advice', 'fact', 'good'] as const satisfies readonly Level[]

/** One value, one of several, or a number of at least or at most so much. */
export type Wanted =
  | FactValue
  | readonly FactValue[]
  | { readonly least: number }
  | { readonly most: number }

/** The remedy for a service that has no gate; where its answers show one, it is not told. */
export const MOUNT =
  'Mount the gate: app.use(expectation()) of @expectation/express or koa, the plugin of @expectation/fastify, or attach(server).'

export interface Rule<Question extends string = string> {
  readonly id: `${'D' | 'B'}${number}`
  readonly question: Question
  readonly level: Level
  /** All of them have to hold; a fact that is not known holds for nothing. */
  readonly when: Readonly<Partial<Record<FactName, Wanted>>>
  /** One sentence; `{fact}` stands for its value. */
  readonly sentence: string
  readonly cause?: string
  readonly remedy?: string
  /** In the place of `remedy`, where that software was seen on the way; of each that was. */
  readonly remedies?: Readonly<Partial<Record<Software, string>>>
  /** Where more is written: a page of the documentation, below `docs`. */
  readonly page?: string
}
