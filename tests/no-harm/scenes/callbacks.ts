// The functions of an application that a gate calls, and what they do instead of their work; see
// lethal.ts.
export const callbacks = ['onOutcome', 'logger', 'checks', 'format', 'expectations'] as const

export const waysToThrow = [
  'rejects with an error',
  'throws an error',
  'rejects with undefined',
  'rejects with null',
  'rejects with Object.create(null)',
  'throws undefined',
  'throws Object.create(null)',
  'throws what cannot be printed',
  'throws a proxy that refuses everything',
  'answers with a thenable that rejects',
  'answers with a thenable that throws',
  'answers with a getter of then that throws',
  'never settles',
] as const
