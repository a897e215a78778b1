// When a handler answers, and how one reads that comes late; see content-there.ts.
export const moments = [
  'at once',
  'after a microtask',
  'after setImmediate',
  'after 20 ms',
  'after reading',
  'after resume and end',
] as const

export const lateReaders = ['for await', 'data', 'pipe', 'Readable.toWeb', 'nobody'] as const
