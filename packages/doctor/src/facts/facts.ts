// What a run has found out, as flat names and plain values: all that a reading rule may look at.

/** What the doctor's own origin does, by the name that facts and reports use. */
export type ScenarioName =
  | 'refused'
  | 'unasked'
  | 'accepted'
  | 'early'
  | 'quiet'
  | 'twice'
  | 'midway'
  | 'rude'
  | 'kept'

/** What the origin has seen of a scenario. */
export type OriginFact = 'reached' | 'expect' | 'originBytes' | 'originTotal'

/** The requests, by the name that facts and reports use. */
export type ProbeName = OutsideName | ScenarioName

export type OutsideName =
  | 'options'
  | 'asked'
  | 'plain'
  | 'blind'
  | 'unknown'
  | 'loose'
  | 'http10'
  | 'get'
  | 'huge'
  | 'accepts'
  | 'http2'
  | 'desync'

/** What became of a request: the class of its final status, or nothing that can be read. */
export type Ending = 'refused' | 'accepted' | 'redirected' | 'malformed' | 'none'

/** How much content had been sent when the final answer came; `start` is the first piece only. */
export type Spent = 'nothing' | 'start' | 'part' | 'whole'

/** The connection behind a final answer. `cut`: reset, or ended without an answer. */
export type After = 'closed' | 'kept' | 'cut'

/** What a `GET` on a kept connection came to, once all content that was announced had been sent. */
export type Next = 'answered' | 'closed' | 'lost'

export type ProbeFact =
  | 'status'
  | 'ending'
  | 'continues'
  | 'interim'
  | 'silent'
  | 'spent'
  | 'sentBytes'
  | 'after'
  | 'next'
  | 'nextStatus'
  | 'words'

export type FactName =
  | `${ProbeName}.${ProbeFact}`
  | 'content.bytes'
  | 'continues.most'
  | 'next.worst'
  | 'next.after'
  | 'next.owes'
  | 'expect.changes'
  | 'unknown.ignored'
  | 'answers.malformed'
  | 'answers.why'
  | 'target.accepted'
  | 'target.upload'
  | 'target.location'
  | 'limits.told'
  | 'limits.fields'
  | 'connections.failed'
  | 'connections.not'
  | 'connections.why'
  | 'tls.trusted'
  | 'tls.protocol'
  | 'tls.alpn'
  | 'tls.untrusted'
  | 'tls.daysLeft'
  | `${ScenarioName}.${OriginFact}`
  | 'early.passed'
  | 'early.swallowed'
  | 'kept.nextConnection'

export type FactValue = string | number | boolean

export type Facts = Readonly<Partial<Record<FactName, FactValue>>>
