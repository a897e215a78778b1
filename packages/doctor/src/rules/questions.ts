// What a report answers, in the order in which rules are looked for. One sentence each, at most.

/** Asked from outside. */
export const QUESTIONS = {
  target: 'Is the address one that can be examined?',
  there: 'Can the server be reached to the end?',
  verdict: 'Is an upload refused before it is sent?',
  sending: 'Does a refusal arrive while content is being sent?',
  blind: 'Does a refusal reach a client that writes everything before it reads?',
  unknown: 'Who sees an expectation that nobody knows?',
  next: 'Is a kept connection good for the next request?',
  matching: 'Is the field read by its grammar?',
  http10: 'Are HTTP/1.0 clients spared interim answers?',
  empty: 'Is a request without content left alone?',
  limit: 'Is there a limit, and whose is it?',
  twice: 'Does one hop alone answer 100?',
  change: 'Does asking change the answer?',
  told: 'Does OPTIONS tell what an upload has to be?',
  accepts: 'Is an accepted upload asked for, and answered?',
  tls: 'Is the certificate trusted?',
  renewal: 'Is the certificate good for a while?',
  http2: 'Is it the same over HTTP/2?',
  desync: 'Is owed content ever taken for a request?',
} as const

export type Question = keyof typeof QUESTIONS
