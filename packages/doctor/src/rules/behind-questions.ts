// What a report from both ends answers, in the order in which rules are looked for.

/** Asked from both ends. */
export const BEHIND_QUESTIONS = {
  there: 'Can the proxy be reached to the end?',
  passes: 'Is Expect passed on to the origin?',
  refusal: 'How much of a refused upload is sent, when the client asks?',
  unasked: 'How much of a refused upload is sent, when the client does not ask?',
  acceptance: 'Does an accepted upload get through?',
  interim: 'May the origin send interim answers?',
  quiet: 'What happens while the origin says nothing?',
  doubled: 'What becomes of a 100 that the origin sends twice?',
  midway: 'Does a refusal in the middle of the content arrive?',
  rude: 'Does the answer of an origin that closes at once arrive?',
  reuse: 'Is the next request good after a refusal that keeps the connection?',
} as const

export type BehindQuestion = keyof typeof BEHIND_QUESTIONS
